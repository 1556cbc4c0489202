"""Which ballot files a sample consists of: a rule that everybody can follow (specs/27)."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from verifier.labelled import labelled_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verifier.whole.scope import Sample


def draw(paths: Iterable[str], sample: Sample, record: bytes | None) -> frozenset[str]:
    """The ballot files that are looked at: as many as the share says, rounded up.

    They are those with the lowest LH("sample", {file, record, seed}). paths: of all ballot files.
    record: SHA-256 of `seal.json`; None if it could not be read. Memory: some 200 bytes a file.
    """
    digest = "" if record is None else record.hex()
    ranked = sorted(
        (labelled_hash("sample", {"file": path, "record": digest, "seed": sample.seed}), path)
        for path in paths
    )
    return frozenset(path for _, path in ranked[: ceil(sample.share * len(ranked))])
