"""Limits that keep any record from exhausting its reader (specs/11, Canonical bytes)."""

from __future__ import annotations

from typing import Final

MAX_LINE: Final = 4 * 2**20  # bytes of one line of an `.ndjson` file, newline included
MAX_HINT: Final = 2**19  # bytes of the commitments of one ballot that a box keeps for it
MAX_MESSAGE: Final = 2**30  # bytes of a message of the three moves, which is no file of the record
MAX_GUARDIANS: Final = 100
MAX_CONTESTS: Final = 500
MAX_OPTIONS: Final = 1_000  # of one contest
MAX_AREAS: Final = 10_000
MAX_REGISTRARS: Final = 1_000
MAX_WITNESSES: Final = 100
MAX_STYLES: Final = 500
MAX_PRECINCTS: Final = 100_000
MAX_OPTION_LIMIT: Final = 100
MAX_CONTEST_LIMIT: Final = 1_000
MAX_DATA_BLOCKS: Final = 100
MAX_VISITS: Final = 1_000_000  # triples of a precinct, one of its areas, a contest of its styles
MAX_BALLOTS: Final = 10_000_000  # of one device
BALLOTS_IN_A_FILE: Final = 256
