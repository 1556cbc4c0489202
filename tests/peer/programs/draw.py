"""Random cases of the peer's own making: numbers and proofs, most right, some with one fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from electionguard.chaum_pedersen import (
    make_chaum_pedersen,
    make_constant_chaum_pedersen,
    make_disjunctive_chaum_pedersen,
)
from electionguard.elgamal import (
    elgamal_add,
    elgamal_encrypt,
    elgamal_keypair_from_secret,
)
from electionguard.group import ElementModP, ElementModQ, add_q, g_pow_p
from electionguard.schnorr import make_schnorr_proof

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

P: Final = ElementModP.get_upper_bound()
Q: Final = ElementModQ.get_upper_bound()
Case = dict[str, Any]


class Draw:
    """Draws cases. chance: decides everything but the nonces inside the package's proofs."""

    def __init__(self, chance: random.Random) -> None:
        """Start with a key of an election and a base hash."""
        self.chance = chance
        self.key = self._element()
        self.base = self._scalar()

    def _scalar(self) -> Any:
        return ElementModQ(self.chance.randrange(2, Q))

    def _element(self) -> Any:
        return g_pow_p(self._scalar())

    def power(self) -> Case:
        """Any residue and any exponent."""
        return {"x": _hex(self.chance.randrange(P)), "e": self._scalar()}

    def quotient(self) -> Case:
        """Three residues, the last of them not 0."""
        return {name: _hex(self.chance.randrange(1, P)) for name in "xyz"}

    def member(self) -> Case:
        """An element, its negative, any residue, a small one or the ends of the range."""
        drawn = self._element().value
        others = (
            P - drawn,
            self.chance.randrange(P),
            self.chance.randrange(9),
            P - 1,
            P,
            P + drawn,
        )
        return {"x": _hex(int(self.chance.choice((drawn, drawn, *others))))}

    def encrypt(self) -> Case:
        """A vote or a sum."""
        return {
            "vote": self.chance.choice((0, 1, 2, 5_000)),
            "nonce": self._scalar(),
            "K": self.key,
        }

    def add(self) -> Case:
        """A few ciphertexts."""
        number = self.chance.randrange(1, 6)
        return {"pairs": [[self._element(), self._element()] for _ in range(number)]}

    def digest(self) -> Case:
        """Items of every kind, lists in lists, texts with bars and of other alphabets."""
        return {"items": [self._item(2) for _ in range(self.chance.randrange(6))]}

    def _item(self, depth: int) -> Any:
        kinds: tuple[Callable[[], Any], ...] = (
            lambda: None,
            lambda: "",
            lambda: self.chance.choice(("a|b", "дәлел", "1", "null", "A 'quote'")),
            lambda: self.chance.randrange(3),
            lambda: {"hex": _hex(self.chance.randrange(Q))},
            lambda: {"hex": _hex(self.chance.randrange(300))},
            lambda: [self._item(depth - 1) for _ in range(self.chance.randrange(3 * depth + 1))],
        )
        return self.chance.choice(kinds)()

    def weight(self) -> Case:
        """A guardian among up to nine."""
        places = self.chance.sample(range(1, 50), self.chance.randrange(1, 10))
        return {"of": places[0], "others": places[1:]}

    def recovery_key(self) -> Case:
        """A polynomial of up to five commitments."""
        number = self.chance.randrange(1, 6)
        return {
            "at": self.chance.randrange(1, 20),
            "commitments": [self._element() for _ in range(number)],
        }

    def schnorr(self) -> Case:
        """A proof of a secret."""
        proof = make_schnorr_proof(elgamal_keypair_from_secret(self._scalar()), self._scalar())
        return self._spoil(_members(proof))

    def disjunctive(self) -> Case:
        """A proof of 0 or 1."""
        vote, nonce = self.chance.randrange(2), self._scalar()
        message = elgamal_encrypt(vote, nonce, self.key)
        proof = make_disjunctive_chaum_pedersen(
            message, nonce, self.key, self.base, self._scalar(), vote
        )
        return self._spoil(_members(proof) | self._around(message))

    def constant(self) -> Case:
        """A proof of the sum of a few selections."""
        votes = [self.chance.randrange(2) for _ in range(3)]
        nonces = [self._scalar() for _ in votes]
        pairs = [
            elgamal_encrypt(vote, nonce, self.key)
            for vote, nonce in zip(votes, nonces)  # noqa: B905 -- equally long by construction
        ]
        message = elgamal_add(*pairs)
        proof = make_constant_chaum_pedersen(
            message, sum(votes), add_q(*nonces), self.key, self._scalar(), self.base
        )
        return self._spoil(_members(proof) | self._around(message))

    def decryption(self) -> Case:
        """A proof of a guardian's share."""
        secret = self._scalar()
        message = elgamal_encrypt(1, self._scalar(), self.key)
        share = message.partial_decrypt(secret)
        proof = make_chaum_pedersen(message, secret, share, self._scalar(), self.base)
        case = _members(proof) | self._around(message) | {"key": g_pow_p(secret), "share": share}
        del case["K"]
        return self._spoil(case)

    def _around(self, message: Any) -> Case:
        return {"A": message.pad, "B": message.data, "K": self.key, "base": self.base}

    def _spoil(self, case: Case) -> Case:
        """Change one number of every second proof."""
        name = self.chance.choice(sorted(case))
        value = case[name]
        if self.chance.randrange(2):
            return case
        if isinstance(value, int):
            return {**case, name: value + 1}
        number = int(value.value)
        bound = P if isinstance(value, ElementModP) else Q
        faults = (number + 1, number - 1, bound - number, bound, 0, 1, number + bound)
        return {**case, name: _hex(self.chance.choice(faults) % (2 * bound))}


def _members(proof: Any) -> Case:
    return {name: value for name, value in vars(proof).items() if name not in {"usage", "name"}}


def _hex(number: int) -> str:
    return str(ElementModP(number, check_within_bounds=False))
