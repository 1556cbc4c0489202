"""The arithmetic core of the verifier."""
