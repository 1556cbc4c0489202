"""From the files of a record to the nouns of `verifier/model.py`: form is proven, nothing else."""
