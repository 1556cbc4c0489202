"""The ballot box: the only package that ever sees an unopened vote in clear."""
