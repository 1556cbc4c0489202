"""Whole ballots of the scene, with their openings, in the shape of a record."""

# ruff: noqa: N806 -- the letters of the equations
from __future__ import annotations

from typing import TYPE_CHECKING

from check_scene import COUNCIL, POINTS, H, Scene, Shape, i4, xor
from vector_hashes import Case, derived

if TYPE_CHECKING:
    from collections.abc import Sequence

Votes = dict[int, tuple[int, ...]]
SHAPES = (COUNCIL, POINTS)
PLAIN: Votes = {1: (1, 0, 1), 2: (2, 1)}


class BallotMaker:
    """One ballot: its nonces follow from its name, so that an opening can be made again."""

    def __init__(self, scene: Scene, name: str, votes: Votes | None = None) -> None:
        self.scene, self.group, self.name = scene, scene.group, name
        self.votes = votes or PLAIN
        self.id_b = derived(f"id_B {name}")
        self.h_i = scene.h_i(self.id_b)

    def nonce(self, ic: int, io: int) -> int:
        """The nonce of an option; io = 0 is the data nonce."""
        return self.group.scalar(f"{self.name} nonce {ic} {io}")

    def data(self, shape: Shape) -> bytes:
        """The contest data D."""
        return b"".join(derived(f"{self.name} data {t}") for t in range(shape.blocks))

    def contest(self, shape: Shape) -> Case:
        """A contest of the ballot with proofs, data and chi."""
        group, ic, votes = self.group, shape.index, self.votes[shape.index]
        openings = [(vote, self.nonce(ic, io)) for io, vote in enumerate(votes, 1)]
        options = [
            self.scene.selection(self.h_i, (ic, io), opening, shape.R)
            for io, opening in enumerate(openings, 1)
        ]
        total = (sum(votes), sum(xi for _, xi in openings) % group.q)
        pair = self.scene.encrypt(*total)
        head = b"\x24" + i4(ic)
        proof = self.scene.prove_range(pair, total, shape.L, head, self.h_i, "limit")
        made: Case = {"contest": ic, "options": options, "limit_proof": proof}
        if shape.blocks:
            xi = self.nonce(ic, 0)
            mask = self.scene.data_mask(self.h_i, ic, xi, shape.blocks)
            c1 = xor(self.data(shape), mask)
            made["data"] = self.scene.signed_ciphertext(self.h_i, b"\x27" + i4(ic), xi, c1)
        made["chi"] = self.chi(made).hex()
        return made

    def chi(self, contest: Case) -> bytes:
        """EQ-70 of a contest as it stands."""
        parts = [bytes.fromhex(x[name]) for x in contest["options"] for name in ("alpha", "beta")]
        if "data" in contest:
            parts += [bytes.fromhex(contest["data"][name]) for name in ("c0", "c1", "c", "v")]
        return H(self.h_i, b"\x28", i4(contest["contest"]), *parts)

    def ballot(self, previous: bytes, ordinal: int = 1, status: str = "cast") -> Case:
        """The line of a ballot file. previous: H_C of the ballot before, or H_0."""
        contests = [self.contest(shape) for shape in SHAPES]
        b_c = b"\x00\x00\x00\x01" + previous
        chi = [bytes.fromhex(contest["chi"]) for contest in contests]
        xi_hat = self.group.scalar(f"{self.name} xi hat")
        c1 = derived(f"{self.name} C1 of the ballot nonce")
        return {
            "position": ordinal,
            "style": "all",
            "id_b": self.id_b.hex(),
            "h_i": self.h_i.hex(),
            "contests": contests,
            "nonce": self.scene.signed_ciphertext(self.h_i, b"\x23", xi_hat, c1),
            "b_c": b_c.hex(),
            "h_c": H(self.h_i, b"\x29", *chi, b_c).hex(),
            "status": status,
            "decided": "voter",
        }

    def opening(self, ordinal: int = 1) -> Case:
        """The line of an openings file."""
        contests = []
        for shape in SHAPES:
            ic, votes = shape.index, self.votes[shape.index]
            nonces = [self.group.Q(self.nonce(ic, io)) for io in range(1, len(votes) + 1)]
            opened: Case = {"contest": ic, "selections": list(votes), "nonces": nonces}
            if shape.blocks:
                opened["data_nonce"] = self.group.Q(self.nonce(ic, 0))
                opened["data"] = self.data(shape).hex()
            contests.append(opened)
        return {"position": ordinal, "contests": contests}


def chain(scene: Scene, s_device: str) -> tuple[bytes, bytes, bytes]:
    """H_DI, B_C0 and H_0 of a device."""
    text = s_device.encode()
    h_di = H(scene.h_e, b"\x2a", i4(len(text)), text)
    b_c0 = b"\x00\x00\x00\x01" + h_di
    return h_di, b_c0, H(scene.h_e, b"\x29", b_c0)


def closing(scene: Scene, last: bytes, b_c0: bytes) -> tuple[bytes, bytes]:
    """The closing field and the closing hash."""
    field = b"\x00\x00\x00\x01" + H(scene.h_e, b"\x2b", last, b_c0)
    return field, H(scene.h_e, b"\x29", field)


def product(scene: Scene, ballots: Sequence[Case], ic: int, io: int) -> tuple[int, int]:
    """A and B of an option over some ballots."""
    A = B = 1
    for ballot in ballots:
        option = ballot["contests"][ic - 1]["options"][io - 1]
        A = A * int(option["alpha"], 16) % scene.group.p
        B = B * int(option["beta"], 16) % scene.group.p
    return A, B
