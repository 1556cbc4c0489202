"""The proofs of many ballots at once: which ballots need no look of their own (specs/25)."""
