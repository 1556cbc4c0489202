"""A run over a whole record: how far it goes, who looks, and what it keeps (specs/27)."""
