"""What the vector generators share: the labelled hash, and bytes that a name decides."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parent.parent / "specs" / "vectors"
Case = dict[str, Any]


def derived(name: str) -> bytes:
    """Return 32 bytes that depend on the name alone."""
    return hashlib.sha256(b"dalel vectors: " + name.encode()).digest()


def text_of(content: object) -> str:
    """Return the canonical form, for contents without awkward characters."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def labelled_hash(purpose: str, text: str) -> str:
    """Return SHA-256 of label, zero byte and text, in hex (EQ-X1)."""
    return hashlib.sha256(f"dalel/{purpose}/1\0{text}".encode()).hexdigest()
