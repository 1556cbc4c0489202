"""The constants of ElectionGuard 1.0, hard-coded: a record never chooses its group (specs/23).

p is another prime than that of 2.1; q is the same. r = (p - 1) / q and g = 2^r mod p.
"""

from __future__ import annotations

from typing import Final

from verifier import modular
from verifier.algebra import Group

_Q: Final = 2**256 - 189

_P: Final = (
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "93c467e37db0c7a4d1be3f810152cb56a1cecc3af65cc0190c03df34709affbd"
    "8e4b59fa03a9f0eed0649ccb621057d11056ae9132135a08e43b4673d74bafea"
    "58deb878cc86d733dbe7bf38154b36cf8a96d1567899aaae0c09d4c8b6b7b86f"
    "d2a1ea1de62ff8643ec7c271827977225e6ac2f0bd61c746961542a3ce3bea5d"
    "b54fe70e63e6d09f8fc28658e80567a47cfde60ee741e5d85a7bd46931ced822"
    "0365594964b839896fcaabccc9b31959c083f22ad3ee591c32fab2c7448f2a05"
    "7db2db49ee52e0182741e53865f004cc8e704b7c5c40bf304c4d8c4f13edf604"
    "7c555302d2238d8ce11df2424f1b66c2c5d238d0744db679af2890487031f9c0"
    "aea1c4bb6fe9554ee528fdf1b05e5b256223b2f09215f3719f9c7ccc69ddf172"
    "d0d6234217fcc0037f18b93ef5389130b7a661e5c26e54214068bbcafea32a67"
    "818bd3075ad1f5c7e9cc3d1737fb28171baf84dbb6612b7881c1a48e439cd03a"
    "92bf52225a2b38e6542e9f722bce15a381b5753ea842763381ccae83512b3051"
    "1b32e5e8d80362149ad030aaba5f3a5798bb22aa7ec1b6d0f17903f4e22d8407"
    "34aa85973f79a93ffb82a75c47c03d43d2f9ca02d03199baceddd4533a52566a"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
)


def cofactor(group: Group) -> int:
    """The number r = (p - 1) / q."""
    return (group.p - 1) // group.q


def _standard(p: int, q: int) -> Group:
    return Group(name="electionguard-1.0", p=p, q=q, g=modular.power(2, (p - 1) // q, p))


STANDARD: Final = _standard(int(_P, 16), _Q)
