"""Text of a record as it may reach a terminal or a line of a log: nothing in it acts."""

from __future__ import annotations

import unicodedata

# Control, format (bidirectional marks among them), surrogates, private use, line separators.
_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: str) -> str:
    """The text with every character that is not plainly visible written as an escape."""
    return "".join(
        ascii(character)[1:-1] if unicodedata.category(character) in _ACTING else character
        for character in text
    )
