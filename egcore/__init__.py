"""What the producing packages share: group, hashes, encryption, proofs, signatures, records.

Functions take and return values; files, sockets and clocks are the callers' business.
"""

from __future__ import annotations

from egcore.errors import ElectionError
from egcore.fixed_base import FixedBase
from egcore.group import Group
from egcore.parameters import STANDARD

__all__ = ["STANDARD", "ElectionError", "FixedBase", "Group"]
