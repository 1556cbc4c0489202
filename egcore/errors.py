"""What goes wrong in the producing packages.

    ElectionError                 never raised itself
    ├─ MalformedRecord            bytes do not parse or are not canonical    .path .reason
    ├─ InvalidProof               a proof or signature does not hold         .item .where .detail
    ├─ ProtocolViolation          a party broke the protocol                 .party .rule .detail
    │  ├─ DuplicateMessage        the same message came twice
    │  ├─ MissingMessage          a message did not come
    │  ├─ WrongRecipient          a message is for somebody else
    │  └─ InconsistentShare       a share does not fit its commitments
    ├─ QuorumNotReached           too few guardians                          .have .need
    └─ CountNotFound              no count within the bound                  .where .bound

A wrong call order is a RuntimeError and a wrong argument a ValueError or TypeError: those are
ours. Messages are lower case, name the thing and both values, and never hold a secret.
"""

from __future__ import annotations

# ruff: noqa: N818 -- the names say what happened; all but the base are caught by name


class ElectionError(Exception):
    """Bad data or a party that broke the protocol; the base of all that is not our own fault."""


class MalformedRecord(ElectionError):
    """Bytes that do not parse, are not canonical, or hold a value out of range.

    path: file, line or member, as far as the reader knows it; may be empty.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class InvalidProof(ElectionError):
    """A proof that does not hold.

    item: the verification item or equation that failed, such as 6.D.
    where: the ballot, contest, option or guardian.
    """

    def __init__(self, item: str, where: str, detail: str) -> None:
        super().__init__(item, where, detail)
        self.item = item
        self.where = where
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.where}: {self.detail} ({self.item})"


class ProtocolViolation(ElectionError):
    """A party broke a rule of the protocol.

    party: who, a guardian's number or a name. rule: the equation, item or rule that was broken.
    """

    def __init__(self, party: int | str, rule: str, detail: str) -> None:
        super().__init__(party, rule, detail)
        self.party = party
        self.rule = rule
        self.detail = detail

    def __str__(self) -> str:
        party = f"guardian {self.party}" if isinstance(self.party, int) else self.party
        return f"{party}: {self.detail} ({self.rule})"


class DuplicateMessage(ProtocolViolation):
    """A party sent a second message where one is due."""


class MissingMessage(ProtocolViolation):
    """A message that is due has not come."""


class WrongRecipient(ProtocolViolation):
    """A message is addressed to somebody else."""


class InconsistentShare(ProtocolViolation):
    """A share is out of range or does not fit the commitments of its sender."""


class QuorumNotReached(ElectionError):
    """Fewer guardians than the quorum k."""

    def __init__(self, have: int, need: int) -> None:
        super().__init__(have, need)
        self.have = have
        self.need = need

    def __str__(self) -> str:
        return f"{self.have} guardians take part, {self.need} are needed; wait for more of them"


class CountNotFound(ElectionError):
    """No count from 0 to the bound fits the decrypted power.

    where: the contest, group and option. bound: the largest count that was tried.
    """

    def __init__(self, where: str, bound: int) -> None:
        super().__init__(where, bound)
        self.where = where
        self.bound = bound

    def __str__(self) -> str:
        return (
            f"{self.where}: no count from 0 to {self.bound} fits the decrypted value; "
            "verify the ballots and the combination of shares"
        )
