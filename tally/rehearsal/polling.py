"""The day in one precinct: voters, cards, three devices, and what goes wrong on the way.

What voters chose stands in the memory of this process alone; the plain counts come of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from egcore.program import ProgramError

if TYPE_CHECKING:
    from collections.abc import Callable

    from egcore.records.manifest import Contest
    from tally.rehearsal.devices import Precinct
    from tally.rehearsal.programs import Programs
    from tally.rehearsal.voters import Queue, Voter

_HINT: Final = "keep the folder and report it: the programs do not hold what they promise"

USED: Final = "used_permit"  # the name by which a box refuses such a card

Status = Literal["cast", "challenged"]


@dataclass
class Day:
    """What this precinct's day came to.

    cast: plain votes by option id. code_cast, code_challenged: one code of each, to look up.
    lost: position, code and option of the ballot that the guardians open. seen: what was refused
    or survived, in words.
    """

    cast: Counter[str] = field(default_factory=Counter)
    challenged: int = 0
    code_cast: str = ""
    code_challenged: str = ""
    lost: tuple[int, str, str] | None = None
    seen: list[str] = field(default_factory=list)


@dataclass
class Polling:
    """The voters of one precinct at its devices, one after another.

    contest: the only one of the style. told: called after every ballot that was decided.
    """

    programs: Programs
    precinct: Precinct
    contest: Contest
    style: str
    told: Callable[[], None]
    day: Day = field(default_factory=Day)

    def hold(self, queue: Queue) -> Day:
        """Let everybody vote, and return what came of it.

        Raises ProgramError when a device fails or answers otherwise than it must.
        """
        talk, precinct = self.programs.talk, self.precinct
        self._permits = talk(precinct.issue())
        self._terminal = talk(precinct.mark())
        self._box = talk(precinct.receive())
        incidents = queue.cut is not None
        for at, voter in enumerate(queue.voters):
            if incidents and at == 0:
                self._first_voter(voter)
            elif at == queue.cut:
                self._power_cut(voter, queue.voters[at + 1])
            elif queue.cut is None or at != queue.cut + 1:  # whose ballot was decided already
                self._vote(voter)
        for device in (self._permits, self._terminal, self._box):
            device.end()
        return self.day

    def _vote(self, voter: Voter) -> None:
        """A voter; one who challenges gets a new permit afterwards, and casts."""
        card = self.precinct.cards()[0]
        if voter.challenge is not None:
            self._mark(card, voter, voter.challenge)
            shown = self._present(card)
            opening = self._decide(shown["position"], "challenged", card)["opening"]
            self._require_opened(opening, voter.challenge)
            self.day.code_challenged = shown["code"]
        self._mark(card, voter, voter.choice)
        self._cast(self._present(card), card, voter)

    def _first_voter(self, voter: Voter) -> None:
        """Marks two options first; and the card, as it was marked, comes back after the vote."""
        card = self.precinct.cards()[0]
        self._issue(card)
        two = [self.contest.options[0].id, self.contest.options[1].id]
        self._terminal.expect("invalid", self._marking(card, voter, two))
        self.day.seen.append(f"{self.precinct.terminal} refused an overvote")
        self._choose(card, voter, voter.choice)
        marked = Path(card).read_bytes()
        self._cast(self._present(card), card, voter)
        Path(card).write_bytes(marked)
        reason = self._box.expect("refused", {"card": card})["refused"]
        self._require(reason == USED, f"refused for {reason}, not {USED}")
        self.day.seen.append(f"{self.precinct.box} refused a card that was used before")

    def _power_cut(self, first: Voter, second: Voter) -> None:
        """The box is killed while two ballots are submitted and undecided, and comes back.

        The first voter casts, the second challenges: its nonce is lost, so guardians open it.
        """
        if second.challenge is None:
            raise RuntimeError("the second voter at a power cut must challenge")
        cards = self.precinct.cards()
        self._mark(cards[0], first, first.choice)
        self._mark(cards[1], second, second.challenge)
        before = [self._present(card) for card in cards]
        self._box.kill()
        self._box = self.programs.talk(self.precinct.receive())
        due = [{"code": shown["code"], "position": shown["position"]} for shown in before]
        answer = self._box.expect("unanswered", {"unanswered": True})["unanswered"]
        self._require(answer == due, f"shows {answer} after its restart, not {due}")
        after = [self._present(card) for card in cards]
        same = [(shown["code"], shown["resumed"]) for shown in after]
        wanted = [(shown["code"], True) for shown in before]
        self._require(same == wanted, f"gives {same} for the cards of undecided ballots")
        self._cast(after[0], cards[0], first)
        position, code = after[1]["position"], after[1]["code"]
        opening = self._decide(position, "challenged", cards[1]).get("opening")
        self._require(opening is None, "opened a ballot whose nonce it cannot have")
        self.day.lost = (position, code, second.challenge)
        self.day.seen.append(
            f"{self.precinct.box} was killed with two undecided ballots, and came back with both"
        )
        self._mark(cards[1], second, second.choice)
        self._cast(self._present(cards[1]), cards[1], second)

    def _mark(self, card: str, voter: Voter, option: str) -> None:
        self._issue(card)
        self._choose(card, voter, option)

    def _issue(self, card: str) -> None:
        question: dict[str, object] = {
            "card": card,
            "box": self.precinct.box,
            "style": self.style,
        }
        self._permits.expect("issued", question)

    def _choose(self, card: str, voter: Voter, option: str) -> None:
        self._terminal.expect("marked", self._marking(card, voter, [option]))

    def _marking(self, card: str, voter: Voter, options: list[str]) -> dict[str, object]:
        choices = {self.contest.id: options}
        return {"card": card, "language": voter.language, "choices": choices}

    def _present(self, card: str) -> dict[str, Any]:
        return self._box.expect("position", {"card": card})

    def _cast(self, shown: dict[str, Any], card: str, voter: Voter) -> None:
        self._decide(shown["position"], "cast", card)
        self.day.cast[voter.choice] += 1
        self.day.code_cast = shown["code"]

    def _decide(self, position: int, status: Status, card: str) -> dict[str, Any]:
        question: dict[str, object] = {"decide": status, "position": position, "card": card}
        answer = self._box.expect("decided", question)
        done = (answer["decided"], answer["position"], answer["wiped"])
        self._require(done == (status, position, True), f"answered {done}, not {status}")
        self.day.challenged += status == "challenged"
        self.told()
        return answer

    def _require_opened(self, opening: dict[str, Any], option: str) -> None:
        """What a voter who challenges does at home: compare the opening with the own choice."""
        selections = opening["contests"][0]["selections"]
        self._require(
            selections == one_hot(self.contest, option), "encrypted another choice than was marked"
        )

    def _require(self, holds: bool, fault: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not holds:
            raise ProgramError(f"{self.precinct.box}: {fault}", _HINT)


def one_hot(contest: Contest, option: str) -> list[int]:
    """Return the selections of a ballot with one mark, in option order."""
    return [int(entry.id == option) for entry in contest.options]
