"""Guardians: the only package that ever holds a share of the election keys."""
