"""The whole rehearsal, step by step, as a commission would hold an election."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from egcore.parameters import STANDARD
from egcore.records.manifest import parse_manifest
from tally.record_folder import MANIFEST, RESULTS, openings_path
from tally.rehearsal.center import Center
from tally.rehearsal.commission import Commission
from tally.rehearsal.counts import (
    expected_counts,
    published_counts,
    require_equal,
    require_opened,
    require_report,
)
from tally.rehearsal.devices import Precinct
from tally.rehearsal.folders import Folders
from tally.rehearsal.polling import Day, Polling
from tally.rehearsal.programs import Call, Programs, find_program, usable_cores
from tally.rehearsal.progress import Steps
from tally.rehearsal.summary import summary
from tally.rehearsal.voters import Queue, draw_queues, named_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from egcore.records.manifest import Manifest
    from tally.scenario import Scenario

PROGRAMS: Final = ("dalel-guardian", "dalel-box", "dalel-tally", "dalel-verify")
VERIFIER: Final = "dalel-verify"
# Seconds on two cores, for the time left: of one key file, one ballot, one ballot verified.
_KEY: Final = 1.0
_BALLOT: Final = 0.04
_VERIFIED: Final = 0.08


@dataclass(frozen=True)
class Terms:
    """What is rehearsed. scenario: name. seed: decides the choices of simulated voters alone."""

    scenario: str
    precincts: int
    voters: int
    seed: int
    n: int
    k: int


class Rehearsal:
    """One rehearsal in one folder."""

    def __init__(self, terms: Terms, root: Path) -> None:
        """Raises ProgramError for terms that cannot be rehearsed, before anything is made."""
        for program in PROGRAMS:
            find_program(program)
        self.terms = terms
        self.scenario: Scenario = named_scenario(terms.scenario, terms.precincts)
        self.queues: list[Queue] = draw_queues(
            self.scenario, terms.voters, terms.precincts, terms.seed
        )
        self.folders = Folders(root)
        self.programs: Programs
        self.manifest: Manifest  # from the definition on
        self.precincts: list[Precinct]
        self.center = Center(self.folders)
        self.commission = Commission(self.folders, terms.n, terms.k)
        self.ballots = sum(queue.ballots for queue in self.queues)
        keys = 4 * terms.n + 3 * terms.k + 10 * terms.precincts + 12  # the weights of the steps
        self.steps = Steps(_KEY * keys + (_BALLOT + 2 * _VERIFIED) * self.ballots)

    def hold(self) -> Iterator[str]:
        """Hold the election, and return the lines of the summary.

        Raises ProgramError when a program fails, a verdict is not accepted, or counts differ.
        No program is left running and no passphrase on the disk, whatever happens.
        """
        self.folders.prepare()
        try:
            with self.steps.shown(), Programs(usable_cores()) as self.programs:
                self._keys()
                self._devices()
                days = self._vote()
                self._seal()
                self._verify("sealed", days)
                self._open_and_decrypt(days)
                total = self._compare(days)
        finally:
            self.folders.forget_passphrases()
        return summary(self.manifest, self.folders, self.commission, days, total, self.steps.parts)

    def _keys(self) -> None:
        terms, commission, center = self.terms, self.commission, self.center
        with self.steps.step("guardians and registrars make their keys", (terms.n + 3) * _KEY):
            enrol, make = commission.enrol(), center.make_registrars()
            lines = self.programs.run_all([*make, *enrol])
            commission.compare_fingerprints(lines[len(make) :])
        with self.steps.step("key ceremony; the election is defined", (2 * terms.n + 1) * _KEY):
            election = f"{self.scenario.id}-rehearsal"
            define = center.define(
                terms.scenario, election, terms.precincts, terms.n, terms.k, lines[: len(make)]
            )
            self.programs.run_together([define, *commission.hold_ceremony()])
            self.manifest = parse_manifest((self.folders.record / MANIFEST).read_bytes())
        with self.steps.step("every guardian signs the election off", terms.n * _KEY):
            self.programs.run_all(commission.sign_off())

    def _devices(self) -> None:
        self.precincts = [Precinct(entry.id, self.folders) for entry in self.manifest.precincts]
        count = len(self.precincts)
        with self.steps.step(f"{3 * count} devices are made and registered", 6 * count * _KEY):
            made = [call for precinct in self.precincts for call in precinct.make()]
            collect = self.center.collect_ceremony()
            lines = self.programs.run_all([collect, *made])[1:]
            cards = [call for precinct in self.precincts for call in precinct.make_cards()]
            self.programs.run_all([self.center.register(lines), *cards])
            self.folders.hand_out_start()
            self.programs.run_all([precinct.open() for precinct in self.precincts])

    def _vote(self) -> dict[str, Day]:
        with self.steps.step(f"{self.ballots} ballots of {self.terms.voters} voters", self._day):
            days = self._hold_polls()
        with self.steps.step("the boxes close, the registry ends", (len(days) + 2) * _KEY):
            totals = self.programs.run_all([precinct.total() for precinct in self.precincts])
            pairs = zip(self.precincts, totals, strict=True)
            closings = [precinct.close(total) for precinct, total in pairs]
            self.programs.run_all([self.center.end_registry(), *closings])
        expected = expected_counts(self.manifest, days)
        text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
        self.folders.expected.write_text(f"{text}\n", "utf-8")
        return days

    @property
    def _day(self) -> float:
        return 3 * len(self.precincts) * _KEY + self.ballots * _BALLOT

    def _hold_polls(self) -> dict[str, Day]:
        """Precincts at the same time, no more than keep all cores busy."""
        contest, style = self.manifest.contests[0], self.manifest.styles[0].id

        def told() -> None:
            self.steps.advance(_BALLOT)

        polls = [
            Polling(self.programs, precinct, contest, style, told) for precinct in self.precincts
        ]
        with ThreadPoolExecutor(self.programs.cores + 1) as pool:
            running = [
                pool.submit(poll.hold, queue)
                for poll, queue in zip(polls, self.queues, strict=True)
            ]
            try:
                for future in as_completed(running):
                    future.result()  # the first that fails ends the day
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.programs.end()  # the other threads wait for programs that are gone
                raise
        days = [future.result() for future in running]
        return {precinct.id: day for precinct, day in zip(self.precincts, days, strict=True)}

    def _seal(self) -> None:
        run, center = self.programs.run, self.center
        with self.steps.step("the record is collected and sealed", 6 * _KEY):
            boxes = [self.folders.device(precinct.box) for precinct in self.precincts]
            run(center.collect_devices(boxes))
            run(center.seal())
            self.programs.run_all(self.commission.sign_seal())
            run(center.finish_seal())

    def _verify(self, stage: str, days: dict[str, Day]) -> None:
        with self.steps.step(f"dalel-verify checks the {stage} record", self.ballots * _VERIFIED):
            report = self.folders.reports / f"{stage}.json"
            words = [VERIFIER, "check", str(self.folders.record), "--json", str(report)]
            if stage == "sealed":
                words += ["--stage", stage]
            self.programs.run(Call(f"the {stage} record", tuple(words)))
            require_report(report.read_bytes(), stage, days)

    def _open_and_decrypt(self, days: dict[str, Day]) -> None:
        k, commission, center = self.terms.k, self.commission, self.center
        with self.steps.step(f"{k} guardians open the ballot that lost its nonce", k * _KEY):
            report = self.folders.reports / "sealed.json"
            self.programs.run_all([commission.vouch(report), commission.ask_for_shares()])
            self.programs.run_all(commission.send_shares())
            self.programs.run_all([commission.open_ballots(), center.plan(commission.present)])
        with self.steps.step(f"{k} guardians decrypt the sums", 2 * k * _KEY):
            self.programs.run_together([center.collect_openings(), *commission.decrypt()])
            self.programs.run(center.combine())
            self.programs.run(center.results())
        for precinct, day in zip(self.precincts, days.values(), strict=True):
            if day.lost is not None:
                path = self.folders.record / openings_path(precinct.box)
                require_opened(path.read_bytes(), self.manifest.contests[0], day, STANDARD)

    def _compare(self, days: dict[str, Day]) -> dict[str, int]:
        """The record is accepted as a whole, and its counts are those of the voters."""
        self._verify("final", days)
        expected: dict[str, Any] = expected_counts(self.manifest, days)
        results = (self.folders.record / RESULTS).read_bytes()
        require_equal(expected, published_counts(self.manifest, results))
        total: dict[str, int] = expected["total"][self.manifest.contests[0].id]
        return total
