"""The transcript of a ceremony; nothing in it is secret, so it stands in egcore."""

from __future__ import annotations

from egcore.transcript import Transcript

__all__ = ["Transcript"]
