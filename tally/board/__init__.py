"""The public board: pages in three languages and the record as files, with no script.

The board is untrusted: no argument that a count is right may rest on it. It reads a record and
writes nothing.
"""
