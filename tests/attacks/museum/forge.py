"""Changes a finished record and makes everything above the change again, as far as means reach.

Digests, counts, chains and sums are public, so anybody computes them anew. A signature is made
where the adversary has the key; where it has not, the old one stays and no longer holds.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from egcore.canonical import canonical, labelled_hash
from egcore.hashing import ChainingField, ConfirmationCode, closing_field, closing_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from egcore.signing import SigningKey
    from tests.attacks.museum.case import Files
    from tests.attacks.museum.scene import Scene

Content = dict[str, Any]
SIGNATURES = ("sig", "sigs", "signatures", "registrar_sigs", "guardian_sigs")
REGISTRY = "registry.ndjson"
TRANSCRIPT = "ceremony/transcript.ndjson"
PLAN = "tally/plan.json"


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def bare(content: Content) -> Content:
    """An object without its signatures: what is signed."""
    return {name: value for name, value in content.items() if name not in SIGNATURES}


def commitment(reveal: Content) -> str:
    """EQ-X4 of a reveal line."""
    members = ("ceremony", "guardian", "public", "opening")
    return labelled_hash("ceremony-commit", {name: reveal[name] for name in members}).hex()


class Forge:
    """A copy of the accepted record in the adversary's hands."""

    def __init__(self, scene: Scene, files: Files | None = None) -> None:
        self.scene = scene
        self.group = scene.group
        self.files: Files = scene.files() if files is None else dict(files)
        self.other_keys: dict[int, SigningKey] = {}  # of guardians who came by another key

    # Reading and writing

    def raw(self, path: str) -> bytes:
        found = self.files[path]
        assert isinstance(found, bytes)
        return found

    def read(self, path: str) -> Any:
        return json.loads(self.raw(path))

    def write(self, path: str, content: object) -> None:
        self.files[path] = canonical(content)

    def edit(self, path: str, change: Callable[[Any], object]) -> None:
        content = self.read(path)
        change(content)
        self.write(path, content)

    def lines(self, path: str) -> list[Any]:
        return [json.loads(line) for line in self.raw(path).splitlines()]

    def write_lines(self, path: str, lines: Iterable[object]) -> None:
        self.files[path] = b"".join(canonical(line) for line in lines)

    def edit_line(self, path: str, number: int, change: Callable[[Any], object]) -> None:
        """Change the line at this place, counted from 0."""
        lines = self.lines(path)
        change(lines[number])
        self.write_lines(path, lines)

    @property
    def boxes(self) -> list[str]:
        """The boxes of the registry, in order."""
        return [line["id"] for line in self.lines(REGISTRY) if line["kind"] == "box"]

    def element(self, x: int) -> str:
        return f"{x:0{2 * self.group.lp}x}"

    def scalar(self, x: int) -> str:
        return f"{x:0{2 * self.group.lq}x}"

    # Signing

    def signed(self, purpose: str, content: Content, key: SigningKey | None) -> Content:
        """The object with a new `sig`, or with the old one when there is no key."""
        if key is None:
            return content
        return {**content, "sig": key.sign(purpose, bare(content)).hex()}

    def by_registrars(
        self, purpose: str, content: Content, member: str = "sigs", most: int | None = None
    ) -> Content:
        """The object signed by the registrars, the first `most` of them."""
        keys = self.scene.registrar_keys()
        if keys is None:
            return content
        chosen = sorted(keys)[:most]
        sigs = [
            {"registrar": place, "sig": keys[place].sign(purpose, bare(content)).hex()}
            for place in chosen
        ]
        return {**content, member: sigs}

    def by_guardians(
        self, purpose: str, content: Content, member: str, who: Iterable[int]
    ) -> Content:
        """The object signed by these guardians; signatures that cannot be made stay as they are."""
        old = {entry["guardian"]: entry["sig"] for entry in content[member]}
        sigs = []
        for i in who:
            key = self.guardian_key(i)
            made = old.get(i) if key is None else key.sign(purpose, bare(content)).hex()
            if made is not None:
                sigs.append({"guardian": i, "sig": made})
        return {**content, member: sigs}

    def guardian_key(self, i: int) -> SigningKey | None:
        """The enrolment key of guardian i, if the adversary has it."""
        return self.other_keys.get(i) or self.scene.guardian_key(i)

    # The ceremony

    def transcript(
        self,
        lines: Iterable[Content],
        change: Callable[[Content], object] | None = None,
    ) -> None:
        """Compute commitments, views and digests of these lines again; sign what has changed.

        change: called with each line when all is computed and before it is signed.
        """
        listed = [dict(line) for line in lines]
        old = {canonical(line) for line in self.lines(TRANSCRIPT)}
        opened = {line["guardian"]: line for line in listed if line["kind"] == "reveal"}
        raw, view, digest = b"", "", ""
        for content in listed:
            if content["kind"] == "commit" and content["guardian"] in opened:
                content["digest"] = commitment(opened[content["guardian"]])
            if content["kind"] == "check":
                view = view or sha256(raw)
                content["view"] = view
            if content["kind"] == "confirm":
                digest = digest or sha256(raw)
            if "transcript" in content:
                content["transcript"] = digest
            if change is not None:
                change(content)
            signed = content
            if canonical(content) not in old:
                purpose = "ceremony-" + content["kind"].replace("_", "-")
                signed = self.signed(purpose, content, self.guardian_key(content["guardian"]))
            raw += canonical(signed)
        self.files[TRANSCRIPT] = raw

    # From the ballots up

    def close_file(self, device: str, change: Callable[[Content], object] | None = None) -> None:
        """The `.sig` of the first ballot file, for the file as it is."""
        stem = f"{device}/000000"
        if f"ballots/{stem}.sig" not in self.files:
            return
        ballots = self.lines(f"ballots/{stem}.ndjson")
        old = self.read(f"ballots/{stem}.sig")
        new = old | {
            "ballots": sha256(self.raw(f"ballots/{stem}.ndjson")),
            "receipts": sha256(self.raw(f"receipts/{stem}.ndjson")),
            "count": len(ballots),
            "h_last": ballots[-1]["h_c"],
        }
        if change is not None:
            change(new)
        if new != old:
            new = self.signed("ballot-file", new, self.scene.box_key(device))
        self.write(f"ballots/{stem}.sig", new)

    def close(self, device: str, change: Callable[[Content], object] | None = None) -> None:
        """Figures, closing hash and digests of a box's file, for its ballots as they are."""
        path, stem = f"devices/{device}.json", f"{device}/000000"
        old = self.read(path)
        if "closing" not in old:
            return
        has_file = f"ballots/{stem}.ndjson" in self.files
        ballots = self.lines(f"ballots/{stem}.ndjson") if has_file else []
        new: Content = json.loads(json.dumps(old))
        new["closing"] |= self._figures(old, ballots)
        if has_file:
            new["files"] = [
                {
                    "ballots": sha256(self.raw(f"ballots/{stem}.ndjson")),
                    "sig": sha256(self.raw(f"ballots/{stem}.sig")),
                    "receipts": sha256(self.raw(f"receipts/{stem}.ndjson")),
                }
            ]
        if change is not None:
            change(new)
        if new != old:
            new = self.signed("device", new, self.scene.box_key(device))
        self.write(path, new)

    def _figures(self, file: Content, ballots: list[Content]) -> Content:
        statuses = [ballot["status"] for ballot in ballots]
        last = ballots[-1]["h_c"] if ballots else file["start"]["h_0"]
        h_e, b_c0 = bytes.fromhex(file["h_e"]), bytes.fromhex(file["start"]["b_c0"])
        field = closing_field(
            h_e,  # type: ignore[arg-type]
            ConfirmationCode(bytes.fromhex(last)),
            ChainingField(b_c0),
        )
        return {
            "count": len(ballots),
            "cast": statuses.count("cast"),
            "challenged": statuses.count("challenged"),
            "void": statuses.count("void"),
            "undecided": sum(ballot["decided"] == "closing" for ballot in ballots),
            "outstanding": max(0, file["closing"]["issued"] - len(ballots)),
            "field": field.hex(),
            "hash": closing_hash(h_e, field).hex(),  # type: ignore[arg-type]
        }

    def seal(
        self,
        change: Callable[[Content], object] | None = None,
        registrars: int | None = None,
        guardians: Iterable[int] = (1, 2),
    ) -> None:
        """`seal.json` for registry and device files as they are. registrars: how many sign."""
        old = self.read("seal.json")
        new: Content = json.loads(json.dumps(old))
        new["registry"] = sha256(self.raw(REGISTRY))
        for box in new["boxes"]:
            path = f"devices/{box['device']}.json"
            if path not in self.files:
                continue
            box["digest"] = sha256(self.raw(path))
            closing = self.read(path).get("closing")
            if closing is not None and "loss" not in box:
                box |= {"count": closing["count"], "hash": closing["hash"]}
        if change is not None:
            change(new)
        if new != old or registrars is not None or tuple(guardians) != (1, 2):
            new = self.by_registrars("seal", new, "registrar_sigs", registrars)
            new = self.by_guardians("seal", new, "guardian_sigs", guardians)
        self.write("seal.json", new)

    def plan(
        self,
        change: Callable[[Content], object] | None = None,
        signers: Iterable[int] | None = None,
    ) -> None:
        """`tally/plan.json` for plan and seal as they are, and the statements that name it."""
        old = self.read(PLAN)
        new = old | {
            "plan": sha256(self.raw("tally/plan.ndjson")),
            "seal": sha256(self.raw("seal.json")),
        }
        if change is not None:
            change(new)
        if new == old and signers is None:
            return
        who = new["guardians"] if signers is None else signers
        self.write(PLAN, self.by_guardians("plan", new, "signatures", who))
        for path in sorted(self.files):
            if path.startswith("tally/statements/"):
                self.statement(path)

    def statement(self, path: str, change: Callable[[Content], object] | None = None) -> None:
        """A statement for `tally/plan.json` as it is."""
        new = self.read(path) | {"plan": sha256(self.raw(PLAN))}
        if change is not None:
            change(new)
        key = self.guardian_key(new["guardian"])
        self.write(path, self.signed("statement", new, key))

    def settle(self, *, sums: bool = False) -> Files:
        """Everything above the ballots, box by box up to the statements; the folder.

        sums: the plan's sums, and the results' figures, are computed again from the ballots too.
        """
        for device in self.boxes:
            self.close_file(device)
            self.close(device)
        self.seal()
        if sums:
            from tests.attacks.museum.sums import sum_again  # noqa: PLC0415 -- it imports this

            sum_again(self)
        self.plan()
        return self.files

    def registry(self, lines: Iterable[Mapping[str, Any]], registrars: int | None = None) -> None:
        """Number, chain and sign the lines. registrars: how many sign."""
        raw, previous = b"", "00" * 32
        old = {line["number"]: line for line in self.lines(REGISTRY)}
        for number, line in enumerate(lines, start=1):
            content = {**line, "number": number, "previous": previous}
            if content != old.get(number) or registrars is not None:
                content = self.by_registrars("registry", content, most=registrars)
            last = canonical(content)
            previous = sha256(last)
            raw += last
        self.files[REGISTRY] = raw
