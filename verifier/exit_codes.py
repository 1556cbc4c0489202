"""Exit codes of `dalel-verify check` (specs/13-cli.md); 2 and 3 say that there is no verdict."""

from __future__ import annotations

from typing import Final

from verifier.report import Verdict

EXIT_CODES: Final = {Verdict.ACCEPTED: 0, Verdict.REJECTED: 1, Verdict.INCOMPLETE: 4}
