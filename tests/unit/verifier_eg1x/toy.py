"""A small election of ElectionGuard 1.x with all its secrets: keys, set-up and proofs.

Written from specs/23 alone and without the verifier's hashes: files are objects as JSON has them.
"""

from __future__ import annotations

from random import Random
from typing import Final

from tests.unit.verifier_eg1x.toy_manifest import hash_of_manifest, make_manifest
from tests.unit.verifier_eg1x.toy_notation import Files, G, Hex, Json, P, Q, R, h, hx

N, K = 3, 2
PRESENT: Final = (1, 3)


class Election:
    """Keys, hashes and a source of numbers; makes ballots and decryptions.

    coefficients: of each guardian, drawn unless given.
    """

    def __init__(self, coefficients: dict[int, list[int]] | None = None, seed: int = 7) -> None:
        self._random = Random(seed)
        self.secrets = coefficients or {i: [self.draw() for _ in range(K)] for i in range(1, N + 1)}
        self.keys = {i: [pow(G, a, P) for a in self.secrets[i]] for i in self.secrets}
        self.secret = sum(poly[0] for poly in self.secrets.values()) % Q
        self.key = pow(G, self.secret, P)
        self.manifest = make_manifest()
        self.manifest_hash = hash_of_manifest(self.manifest)
        commitments = [Hex(x) for i in sorted(self.keys) for x in self.keys[i]]
        self.commitment_hash = Hex(h(commitments))
        self.base_hash = Hex(h(Hex(P), Hex(Q), Hex(G), N, K, self.manifest_hash))
        self.q_bar = Hex(h(self.base_hash, self.commitment_hash))

    def draw(self) -> int:
        return self._random.randrange(1, Q)

    def setup(self) -> Files:
        """All files that are there before a ballot is."""
        files: Files = {
            "manifest.json": self.manifest,
            "constants.json": {
                "large_prime": hx(P),
                "small_prime": hx(Q),
                "cofactor": hx(R),
                "generator": hx(G),
            },
            "context.json": {
                "number_of_guardians": N,
                "quorum": K,
                "elgamal_public_key": hx(self.key),
                "commitment_hash": hx(self.commitment_hash),
                "manifest_hash": hx(self.manifest_hash),
                "crypto_base_hash": hx(self.base_hash),
                "crypto_extended_base_hash": hx(self.q_bar),
                "extended_data": {"purpose": "test"},
                "configuration": {"allow_overvotes": True, "max_votes": 1_000_000},
            },
            "coefficients.json": {"coefficients": {f"g{i}": hx(w) for i, w in weights().items()}},
        }
        for i in self.secrets:
            files[f"guardians/guardian_g{i}.json"] = self.guardian(i)
        for device in DEVICES:
            files[f"encryption_devices/device_{device['device_id']}.json"] = dict(device)
        return files

    def guardian(self, i: int) -> Json:
        return {
            "guardian_id": f"g{i}",
            "sequence_order": i,
            "election_public_key": hx(self.keys[i][0]),
            "election_commitments": [hx(x) for x in self.keys[i]],
            "election_proofs": [self.schnorr(a) for a in self.secrets[i]],
        }

    def schnorr(self, secret: int, challenge: int | None = None) -> Json:
        """A proof; with a challenge that is given, and not computed."""
        u, key = self.draw(), pow(G, secret, P)
        commitment = pow(G, u, P)
        c = h(Hex(key), Hex(commitment)) if challenge is None else challenge
        return {
            "public_key": hx(key),
            "commitment": hx(commitment),
            "challenge": hx(c),
            "response": hx((u + c * secret) % Q),
            "usage": "Prove knowledge of secret value",
        }

    def pair_proof(
        self,
        secret: int,
        base: int,
        before: list[int],
        after: list[int],
        tweak: str = "",
    ) -> Json:
        """A proof that one secret is behind a power of g and one of the base.

        before, after: what is hashed beside the commitments. tweak: a value that is made wrong
        before the rest is computed from it: `a`, `b` or `c`.
        """
        u = self.draw()
        a, b = pow(G, u, P), pow(base, u, P)
        a, b = (a * G % P, b) if tweak == "a" else (a, b * G % P if tweak == "b" else b)
        c = h(*map(Hex, [self.q_bar, *before, a, b, *after])) + (tweak == "c")
        v = (u + c * secret) % Q
        return {"pad": hx(a), "data": hx(b), "challenge": hx(c), "response": hx(v), "usage": "x"}


DEVICES: Final[tuple[Json, ...]] = (
    {"device_id": 1, "session_id": 2, "launch_code": 3, "location": "hall"},
    {"device_id": 2, "session_id": 2, "launch_code": 3, "location": "school"},
)


def start_of(device: Json) -> Hex:
    values = (device[name] for name in ("device_id", "session_id", "launch_code", "location"))
    return Hex(h(*values))


def weights(present: tuple[int, ...] = PRESENT) -> dict[int, int]:
    found = {}
    for i in present:
        w = 1
        for j in present:
            if j != i:
                w = w * j * pow(j - i, -1, Q) % Q
        found[i] = w
    return found
