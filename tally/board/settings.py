"""What the board is told when it starts."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads the annotation
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8080


def _read_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("is not an address such as https://board.example")
    return value.rstrip("/")


class Settings(BaseModel):
    """Where the board listens, and by which address others reach it.

    host: an address of this machine; by default nobody else can reach the board.
    url: printed in the commands of the pages, never taken from a request.
    reports: folder of JSON reports of `dalel-verify`, named by who made them; outside the record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Annotated[str, Field(min_length=1, max_length=253)] = DEFAULT_HOST
    port: Annotated[int, Field(ge=1, le=65535)] = DEFAULT_PORT
    url: Annotated[str, Field(pattern=r"^[!-~]{1,300}$"), AfterValidator(_read_url)] | None = None
    reports: Path | None = None

    @property
    def address(self) -> str:
        """The address of the board, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.url or f"http://{host}:{self.port}"
