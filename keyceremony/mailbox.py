"""The exchange as one guardian sees it: what it has read or sent once never changes (specs/18).

A copy of every message lies below `messages/` in the guardian's home, under its name in the
exchange: own messages are written there first, so that a restart sends the same bytes, and
messages of others once their signature has held, so that nobody swaps them later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from egcore.errors import DuplicateMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from egcore.exchange import Exchange
    from egcore.storage import Storage

COPIES: Final = "messages"


class Mailbox:
    """An exchange, and this guardian's copies of its messages."""

    def __init__(self, exchange: Exchange, storage: Storage) -> None:
        """exchange: untrusted. storage: this guardian's home."""
        self.exchange = exchange
        self._storage = storage

    def copy_of(self, name: str) -> bytes | None:
        """Return this guardian's copy of a message, None without one."""
        path = f"{COPIES}/{name}"
        return self._storage.read(path) if self._storage.exists(path) else None

    def copies(self, prefix: str) -> list[str]:
        """Return the names below `prefix` of which there is a copy, sorted."""
        found = self._storage.list(f"{COPIES}/{prefix}")
        return [path.removeprefix(f"{COPIES}/") for path in found]

    def fetch(self, name: str) -> bytes | None:
        """Return a message; the copy where the exchange has lost it.

        Raises DuplicateMessage when the exchange has other bytes than the copy.
        """
        found, copy = self.exchange.fetch(name), self.copy_of(name)
        if found is not None and copy is not None and found != copy:
            raise DuplicateMessage(
                name,
                "exchange",
                "holds other bytes than those seen before; a published message never changes",
            )
        return copy if found is None else found

    def keep(self, name: str, data: bytes) -> None:
        """There is a copy of a message that was checked; `data` as it was fetched."""
        if self.copy_of(name) is None:
            self._storage.write(f"{COPIES}/{name}", data)

    def send(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Publish an own message and return its bytes: the copy's if there is one, else new ones.

        make: called once at most. Raises DuplicateMessage when other bytes are published under
        the name, before anything is written.
        """
        data = self.copy_of(name)
        if data is None:
            data = make()
            found = self.exchange.fetch(name)
            if found is not None and found != data:
                raise DuplicateMessage(
                    name,
                    "exchange",
                    "was published before with other bytes, not by this home as it is now; "
                    "the home is older than the exchange, or somebody else wrote the file",
                )
            self._storage.write(f"{COPIES}/{name}", data)
        self.exchange.publish(name, data)
        return data

    def names(self, prefix: str) -> list[str]:
        """Return the names in the exchange below `prefix`, sorted, checked by nobody."""
        return self.exchange.list(prefix)

    def unsent(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of `names`, of which there are copies, that the exchange does not have."""
        return tuple(name for name in names if self.exchange.fetch(name) is None)

    def resend(self, names: Iterable[str]) -> None:
        """The exchange has the copy of each of `names`; DuplicateMessage where it has others."""
        for name in names:
            data = self.copy_of(name)
            if data is not None:
                self.exchange.publish(name, data)
