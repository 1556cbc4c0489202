"""One verification of a 1.x record, one file."""
