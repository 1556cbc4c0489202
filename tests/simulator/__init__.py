"""Whole elections in one process, from the production code and nothing of the verifier."""
