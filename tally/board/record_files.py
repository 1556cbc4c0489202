"""Files of a record that may be damaged or hostile: bounded reads, and no link is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from egcore.canonical import MAX_FILE
from egcore.errors import MalformedRecord
from egcore.storage import FolderStorage
from tally.board.layout import is_record_path

if TYPE_CHECKING:
    from pathlib import Path


class RecordFiles:
    """Reads the files that specs/11 names, below one folder; whatever else lies there is not read.

    A path that leads through a symbolic link raises MalformedRecord, which names it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._storage = FolderStorage(folder)

    def there(self, path: str) -> bool:
        """Tell whether there is a plain file of this path, which specs/11 names."""
        try:
            return is_record_path(path) and self._storage.exists(path)
        except ValueError as exc:
            raise MalformedRecord(path, "a symbolic link, which no record holds") from exc

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a `.json` file, None if it is not there.

        Raises MalformedRecord for a file above 16 MiB, of which no more than that is read.
        """
        if not self.there(path):
            return None
        with self.open_stream(path) as file:
            raw = file.read(MAX_FILE + 1)
        if len(raw) > MAX_FILE:
            raise MalformedRecord(path, f"longer than {MAX_FILE} bytes")
        return raw

    def open_stream(self, path: str) -> BinaryIO:
        """Return a file opened for reading; FileNotFoundError if it is not there."""
        if not self.there(path):
            raise FileNotFoundError(2, "a file of the record is missing", path)
        return self._storage.open_stream(path)

    def list(self, prefix: str = "") -> list[str]:
        """Return the paths of the record below a prefix that are there, sorted."""
        try:
            paths = self._storage.list(prefix)
        except ValueError as exc:
            raise MalformedRecord(prefix, "a symbolic link, which no record holds") from exc
        return [path for path in paths if is_record_path(path) and self.there(path)]
