"""What one record does not show: two worlds (T21), guardians of nobody, receipts."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from keyceremony.fingerprints import fingerprint
from tests.attacks.judge import judge
from tests.attacks.museum.base import (
    BOX,
    ceremony_of,
    four_ballots,
    honest_record,
    museum_manifest,
    new_election,
    publish,
    registrars_of,
)
from tests.attacks.museum.case import Power
from tests.attacks.museum.forge import TRANSCRIPT, Forge
from tests.attacks.museum.scene import Scene
from tests.simulator.ceremony import hold_ceremony
from tests.simulator.manifests import label
from tests.toy_groups import TOY
from verifier.trust import Trust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.attacks.museum.case import Files


def _other_world() -> Files:
    """The same keys and registrars, and another name on the first option."""
    manifest = museum_manifest(registrars_of(TOY))
    contest = manifest.contests[0]
    first = contest.options[0].model_copy(update={"label": label("another")})
    changed = contest.model_copy(update={"options": (first, *contest.options[1:])})
    other = manifest.model_copy(update={"contests": (changed, *manifest.contests[1:])})
    election = new_election(TOY, manifest=other)
    four_ballots(election)
    return dict(publish(election))


def _bytes(record: Files, path: str) -> bytes:
    content = record[path]
    assert isinstance(content, bytes)
    return content


def _digest(record: Files) -> bytes:
    return hashlib.sha256(_bytes(record, "manifest.json")).digest()


def _sign_offs(record: Files) -> dict[str, tuple[str, str]]:
    """The H_E and the transcript that each enrolment key signed last."""
    lines = [json.loads(line) for line in _bytes(record, TRANSCRIPT).splitlines()]
    keys = {line["guardian"]: line["key"] for line in lines if line["kind"] == "enrol"}
    return {
        keys[line["guardian"]]: (line["h_e"], line["transcript"])
        for line in lines
        if line["kind"] == "sign_off"
    }


def test_each_record_is_accepted_alone(tmp_path: Path) -> None:
    judge(honest_record(TOY), TOY, tmp_path / "one").require_accepted()
    judge(_other_world(), TOY, tmp_path / "other").require_accepted()


def test_the_digest_of_the_manifest_tells_them_apart() -> None:
    """What a reader got by another way, and what `--trust` compares."""
    digests = {_digest(record) for record in (honest_record(TOY), _other_world())}
    assert len(digests) == 2


def test_the_trusted_digest_refuses_the_other_world(tmp_path: Path) -> None:
    trust = Trust(manifest=_digest(honest_record(TOY)))
    judge(honest_record(TOY), TOY, tmp_path / "one", trust=trust).require_accepted()
    report = judge(_other_world(), TOY, tmp_path / "other", trust=trust)
    assert report.failed_items == {"0.G"}


def test_trusted_fingerprints_refuse_guardians_of_nobody(tmp_path: Path) -> None:
    """The same manifest, held by three other people: a whole record, and not this election's."""
    election = new_election(TOY, hold_ceremony(TOY, 3, 2))
    four_ballots(election)
    impostors = publish(election)
    judge(impostors, TOY, tmp_path / "alone").require_accepted()
    lines = ceremony_of(TOY).transcript.enrolments
    trust = Trust(fingerprints={line.guardian: fingerprint(line) for line in lines})
    judge(honest_record(TOY), TOY, tmp_path / "one", trust=trust).require_accepted()
    report = judge(impostors, TOY, tmp_path / "other", trust=trust)
    assert report.failed_items == {"24.N"}


def test_receipts_that_no_box_signed_are_refused_when_they_are_looked_at(tmp_path: Path) -> None:
    """The box signs files with receipts of another ballot: 20.O, by `--receipts` alone."""
    powers = frozenset({Power.BOX, Power.REGISTRARS, Power.GUARDIANS})
    forge = Forge(Scene(TOY, powers))
    path = f"receipts/{BOX}/000000.ndjson"
    other = forge.lines(path)[2]["submit"]
    forge.edit_line(path, 0, lambda line: line.update(submit=other))
    record = forge.settle()
    judge(record, TOY, tmp_path / "default").require_accepted()
    report = judge(record, TOY, tmp_path / "receipts", receipts=True)
    assert report.failed_items == {"20.O"}


def test_two_records_of_one_ceremony_name_the_guardians() -> None:
    """Every key has signed the same transcript for two elections: that is the evidence."""
    one, other = _sign_offs(honest_record(TOY)), _sign_offs(_other_world())
    assert one.keys() == other.keys()
    assert len(one) == 3
    for key, (h_e, transcript) in one.items():
        assert other[key][0] != h_e
        assert other[key][1] == transcript
