"""Changed records, and what must be true of the verifier's answer to each."""
