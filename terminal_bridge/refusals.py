"""What the table says of a card that it does not take: one class a reason (specs/19).

A card, whatever bytes it holds, can only cause `CardRefused`; box, terminal and permits stay
ready for the next one. No message depends on a selection.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from egcore.program import ProgramError

# ruff: noqa: N818 -- the names say what was refused

WORDS_REVIEWED = {"kk": False, "ru": False}  # true when a native speaker has read them


class Words(NamedTuple):
    """A refusal as staff and voter read it; `error` and `hint` are the English of the programs."""

    kk: str
    ru: str
    error: str
    hint: str


class CardRefused(ProgramError):
    """A card was not taken, and nothing was stored because of it.

    code: name of the reason for scripts. words: the reason in the languages of the table.
    detail: where on the card, never what was marked.
    """

    code: ClassVar[str]
    words: ClassVar[Words]

    def __init__(self, detail: str = "") -> None:
        error = f"{self.words.error}: {detail}" if detail else self.words.error
        super().__init__(error, self.words.hint)
        self.detail = detail


class CardUnreadable(CardRefused):
    """The card was pulled, or its chip or file does not answer."""

    code = "card_unreadable"
    words = Words(
        "Карта оқылмады.",
        "Карта не читается.",
        "the card cannot be read",
        "insert the card again; if it happens twice, issue another one",
    )


class BrokenFrame(CardRefused):
    """Magic, length or CRC of a frame is wrong."""

    code = "broken_frame"
    words = Words(
        "Картадағы жазба бүлінген.",
        "Запись на карте повреждена.",
        "a frame on the card is broken",
        "let the voter mark it again; if the terminal refuses the card too, issue another permit",
    )


class TornWrite(CardRefused):
    """The card was pulled while it was written: the head of a frame was never committed."""

    code = "torn_write"
    words = Words(
        "Картаға жазу аяқталмаған.",
        "Запись на карту не завершена.",
        "writing to the card was cut short",
        "let the voter mark it again; if the terminal refuses the card too, issue another permit",
    )


class NoPermit(CardRefused):
    """The card is blank: nobody has issued it."""

    code = "no_permit"
    words = Words(
        "Картада дауыс беру рұқсаты жоқ.",
        "На карте нет разрешения на голосование.",
        "the card holds no permit",
        "issue a permit at the registration table",
    )


class NotMarked(CardRefused):
    """The card has a permit and no ballot."""

    code = "not_marked"
    words = Words(
        "Картада бюллетень белгіленбеген.",
        "Бюллетень на карте не заполнен.",
        "the card holds no marked ballot",
        "send the voter to the terminal",
    )


class NotBlank(CardRefused):
    """A permit was to be written on a card that still holds one."""

    code = "not_blank"
    words = Words(
        "Карта бос емес.",
        "Карта не пуста.",
        "the card is not blank",
        "let the ballot box settle this card first, or take another one",
    )


class MalformedCard(CardRefused):
    """The CBOR on the card is hostile, not deterministic, or not the record of specs/19."""

    code = "malformed_card"
    words = Words(
        "Картадағы деректер қате.",
        "Данные на карте неверны.",
        "the data on the card are not a card record",
        "keep the card apart, and issue another permit on another card",
    )


class WrongSignature(CardRefused):
    """A signature on the card does not hold under the registered key it names."""

    code = "wrong_signature"
    words = Words(
        "Картадағы қолтаңба жарамсыз.",
        "Подпись на карте недействительна.",
        "a signature on the card is not valid",
        "keep the card apart; let the voter mark the ballot again on another card",
    )


class AnotherElection(CardRefused):
    """The card was issued for another election."""

    code = "another_election"
    words = Words(
        "Бұл карта басқа сайлауға арналған.",
        "Эта карта от других выборов.",
        "the card is of another election",
        "keep the card apart, and issue a permit of this election",
    )


class ForeignPrecinct(CardRefused):
    """The card was issued in another precinct."""

    code = "foreign_precinct"
    words = Words(
        "Бұл карта басқа учаскеден.",
        "Эта карта с другого участка.",
        "the card is of another precinct",
        "send the voter to the precinct that the card names",
    )


class ForeignBox(CardRefused):
    """The card was issued for another ballot box of this precinct."""

    code = "foreign_box"
    words = Words(
        "Бұл карта басқа жәшікке арналған.",
        "Эта карта для другого ящика.",
        "the card is for another ballot box",
        "send the voter to the box that the card names",
    )


class ForgedPermit(CardRefused):
    """No registered permits device of this precinct signed the permit."""

    code = "forged_permit"
    words = Words(
        "Картадағы рұқсат танылмады.",
        "Разрешение на карте не признано.",
        "the permit is of no registered permits device of this precinct",
        "keep the card apart, and tell the commission",
    )


class UsedPermit(CardRefused):
    """A ballot was decided with this permit before."""

    code = "used_permit"
    words = Words(
        "Бұл рұқсат бұрын пайдаланылған.",
        "Это разрешение уже использовано.",
        "the permit on the card was used before",
        "nothing was counted twice; the vote on this card was wiped",
    )


class ForgedTerminal(CardRefused):
    """No registered terminal of this precinct signed the ballot."""

    code = "forged_terminal"
    words = Words(
        "Бюллетеньге қол қойған терминал тіркелмеген.",
        "Терминал, подписавший бюллетень, не зарегистрирован.",
        "the ballot is of no registered terminal of this precinct",
        "let the voter mark the ballot again at another terminal, and tell the commission",
    )


class WithdrawnTerminal(CardRefused):
    """The terminal that signed the ballot was withdrawn."""

    code = "withdrawn_terminal"
    words = Words(
        "Бюллетеньге қол қойған терминал қолданыстан шығарылған.",
        "Терминал, подписавший бюллетень, выведен из работы.",
        "the ballot is of a withdrawn terminal",
        "let the voter mark the ballot again at another terminal",
    )


class NotForThisBox(CardRefused):
    """The ballot does not open with the day key of this box and the names on the card."""

    code = "not_for_this_box"
    words = Words(
        "Бюллетень бұл жәшік үшін жабылмаған.",
        "Бюллетень запечатан не для этого ящика.",
        "the ballot is not sealed for this box and permit",
        "let the voter mark the ballot again at the terminal",
    )


class InvalidMarks(CardRefused):
    """The marks do not fit style and limits; the detail names no option and no number."""

    code = "invalid_marks"
    words = Words(
        "Бюллетень ережеге сай белгіленбеген.",
        "Бюллетень заполнен не по правилам.",
        "the marks on the ballot do not keep its rules",
        "let the voter mark the ballot again, and tell the commission about the terminal",
    )


class CardSwapped(CardRefused):
    """The card in the reader is not the one that was read."""

    code = "card_swapped"
    words = Words(
        "Оқу құрылғысында басқа карта тұр.",
        "В считывателе другая карта.",
        "the card in the reader is not the one that was read",
        "insert the card that was read before; this one was left as it is",
    )


class WriteFailed(CardRefused):
    """What was written to the card or wiped from it does not read back."""

    code = "write_failed"
    words = Words(
        "Картаға жазу сәтсіз аяқталды.",
        "Запись на карту не удалась.",
        "the card does not hold what was written",
        "set this card aside, and use another one",
    )
