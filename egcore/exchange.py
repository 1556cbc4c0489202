"""The exchange: where guardians and the tally leave messages for each other (specs/18).

Two verbs and a listing, so that HTTP can take the folder's place. The exchange is not trusted:
readers check everything that they fetch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from egcore.errors import DuplicateMessage, MalformedRecord
from egcore.records.limits import MAX_MESSAGE
from egcore.storage import FolderStorage, require_plain_path

if TYPE_CHECKING:
    from pathlib import Path

    from egcore.storage import Storage


class Exchange(Protocol):
    """Named messages that never change once they are there.

    A name is a plain path such as `ceremony/1/commit/2.json`, else ValueError.
    """

    def publish(self, name: str, data: bytes) -> None:
        """Exactly `data` is there under `name`, durably; again with the same bytes is no change.

        Raises DuplicateMessage, naming the file, when other bytes are there already.
        """
        ...

    def fetch(self, name: str) -> bytes | None:
        """Return what is there under `name`; None while nothing is."""
        ...

    def list(self, prefix: str) -> list[str]:
        """Return the names of all messages whose name is `prefix` or below it, sorted."""
        ...


class StorageExchange:
    """An exchange on a storage. One party alone writes a name, so nothing is locked."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def publish(self, name: str, data: bytes) -> None:
        """Exactly `data` is there under `name`; DuplicateMessage for other bytes than before."""
        found = self.fetch(name)
        if found is None:
            self._storage.write(name, data)
        elif found != data:
            raise DuplicateMessage(
                name,
                "exchange",
                f"other bytes are published under this name ({len(found)} found, {len(data)} "
                "to publish); a published message never changes",
            )

    def fetch(self, name: str) -> bytes | None:
        """Return what is there under `name`; None while nothing is.

        Raises MalformedRecord for a file above the limit of any message, or a symbolic link.
        """
        require_plain_path(name)
        try:
            with self._storage.open_stream(name) as file:
                data = file.read(MAX_MESSAGE + 1)
        except FileNotFoundError:
            return None
        except ValueError as exc:  # the name is plain, so the way to it is not
            raise MalformedRecord(name, str(exc)) from exc
        if len(data) > MAX_MESSAGE:
            raise MalformedRecord(name, f"longer than {MAX_MESSAGE} bytes")
        return data

    def list(self, prefix: str) -> list[str]:
        """Return the names of all messages whose name is `prefix` or below it, sorted."""
        return self._storage.list(prefix)


class FolderExchange(StorageExchange):
    """An exchange in a folder that the parties share: a disk, a stick, a synchronised folder."""

    def __init__(self, root: Path) -> None:
        super().__init__(FolderStorage(root))
