"""One module for each verification; the table that lists them is in `verifier/run.py`."""
