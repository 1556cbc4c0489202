"""Cases of EQ-X9: typed confirmation codes."""

from __future__ import annotations

from vector_hashes import Case, derived

ALPHABET = "23456789DFGJLNQRSVWZ"


def typed(h_c: int) -> str:
    """Return the typed code by long multiplication, digit after digit (EQ-X9)."""
    digits = []
    for _ in range(24):
        h_c *= 20
        digits.append(h_c >> 256)
        h_c &= 2**256 - 1
    luhn = 0
    for place, digit in enumerate(digits):
        doubled = digit if place % 2 == 0 else 2 * digit  # the last of 24 is doubled
        luhn += doubled if doubled < len(ALPHABET) else doubled - 19
    digits.append(-luhn % 20)
    symbols = "".join(ALPHABET[digit] for digit in digits)
    return "-".join(symbols[at : at + 5] for at in range(0, 25, 5))


def typed_code_cases() -> list[Case]:
    """EQ-X9: codes, and texts that are none."""
    edge = -(-(2**256) // 20**24)  # the first code with last digit 1
    values = {
        "zero": ("all bits zero", 0),
        "ones": ("all bits one", 2**256 - 1),
        "edge-below": ("the last hash of the first code", edge - 1),
        "edge": ("the first hash of the second code", edge),
        "half": ("the middle: digit 10, then zeros", 2**255),
        "twentieth": ("just below digit 1", 2**256 // 20),
        **{
            f"hash-{i}": ("a hash", int.from_bytes(derived(f"code {i}"), "big"))
            for i in range(1, 6)
        },
    }
    cases: list[Case] = [
        {
            "id": name,
            "comment": comment,
            "flags": ["code"],
            "h_c": f"{value:064x}",
            "expect": typed(value),
        }
        for name, (comment, value) in values.items()
    ]
    good = typed(int.from_bytes(derived("code 1"), "big"))
    texts = {
        "wrong-check": ("another check symbol", good[:-1] + ("3" if good[-1] == "2" else "2")),
        "wrong-symbol": ("another first symbol", ("3" if good[0] == "2" else "2") + good[1:]),
        "short": ("one symbol missing", good[:-1]),
        "long": ("one symbol more", good + "2"),
        "letter-o": ("a letter that the alphabet leaves out", "O" + good[1:]),
        "digit-one": ("a digit that the alphabet leaves out", "1" + good[1:]),
        "not-ascii": ("a Cyrillic letter", "Я" + good[1:]),
        "empty": ("nothing", ""),
    }
    return cases + [
        {"id": name, "comment": comment, "flags": ["text"], "text": text, "expect": "refused"}
        for name, (comment, text) in texts.items()
    ]
