"""Strict record types of the files and messages of specs/11 and specs/12, a module a noun."""
