"""Signatures of registrars and guardians over one object, counted (EQ-X2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.ed25519 import verify
from verifier.labelled import signed_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verifier.model import IndexedSignature

Fault = tuple[str, str]  # what was expected, and what was found instead


@dataclass(frozen=True, slots=True)
class Signers:
    """Those who may sign: what they are called, and the key of each by number from 1.

    The keys are as recorded; a key that the screening of EQ-X2 refuses verifies nothing.
    """

    role: str
    keys: Mapping[int, bytes]

    @classmethod
    def registrars(cls, keys: Sequence[bytes]) -> Signers:
        """The registrars of the manifest: registrar i has keys[i - 1]."""
        return cls("registrar", dict(enumerate(keys, start=1)))

    @classmethod
    def guardians(cls, keys: Mapping[int, bytes], n: int) -> Signers:
        """The guardians 1 to n with their enrolment keys, as far as those are known."""
        return cls("guardian", {i: key for i, key in keys.items() if 1 <= i <= n})


def is_signed(purpose: str, content: Mapping[str, object], key: bytes, signature: bytes) -> bool:
    """EQ-X2: whether this is the key's signature over the object without its signatures.

    purpose: the label's middle part. content: the object as recorded. key, signature: untrusted
    bytes of any length. Cost: two scalar multiplications.
    """
    return verify(key, signed_bytes(purpose, content), signature)


def signature_faults(
    purpose: str,
    content: Mapping[str, object],
    sigs: Iterable[IndexedSignature],
    signers: Signers,
    need: int,
) -> Iterator[Fault]:
    """Yield a fault for each signature that does not verify, and one when too few do.

    content: the object as recorded, with its signatures. need: how many signers must have signed.
    Two signers with one key, and one signer twice, count once.
    Cost: two scalar multiplications for each signature.
    """
    message = signed_bytes(purpose, content)
    valid: set[bytes] = set()
    for sig in sigs:
        key = signers.keys.get(sig.signer)
        if key is None:
            known = f"a {signers.role} whose key is known ({len(signers.keys)} are)"
            yield known, f"a signature of {signers.role} {sig.signer}"
        elif verify(key, message, sig.signature):
            valid.add(key)
        else:
            wanted = f"a valid signature of {signers.role} {sig.signer}"
            yield wanted, "a signature that does not verify"
    if len(valid) < need:
        yield f"valid signatures of at least {need} {signers.role}s", f"{len(valid)}"
