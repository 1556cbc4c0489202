"""What terminal and box say, in kk, ru and en; refusals have their own words (refusals.py).

`refusals.WORDS_REVIEWED` holds for these texts too.
"""

from typing import Final, NamedTuple

from terminal_bridge.card_record import Language
from terminal_bridge.marks import MarkFault

LANGUAGES: Final[tuple[Language, ...]] = ("kk", "ru", "en")


class Phrase(NamedTuple):
    """One text in the three languages, with places for values."""

    kk: str
    ru: str
    en: str

    def of(self, language: Language, **values: object) -> str:
        """Return the text in one language."""
        text: str = getattr(self, language)
        return text.format(**values)


UNREVIEWED: Final = Phrase(
    "Қазақша мәтінді ана тілінде сөйлейтін адам әлі тексерген жоқ.",
    "Русский текст ещё не проверен носителем языка.",
    "This text has not been reviewed by a native speaker yet.",
)
KEY: Final = Phrase(
    "Көрсетілген сандардың бірін жазыңыз.",
    "Введите одну из указанных цифр.",
    "Type one of the numbers shown.",
)

# Terminal.
LANGUAGE: Final = "Тіл / Язык / Language\n  1  қазақша\n  2  русский\n  3  English\n"
CHOOSE_ONE: Final = Phrase("Бір нұсқаны таңдаңыз.", "Выберите один вариант.", "Choose one option.")
CHOOSE_MORE: Final = Phrase(
    "Ең көбі {limit} белгі; нөмірлерді бос орынмен бөліңіз.",
    "Не более {limit} отметок; номера через пробел.",
    "At most {limit} marks; numbers with blanks between them.",
)
SAME_OPTION: Final = Phrase(
    "Бір нұсқаны {limit} ретке дейін белгілеуге болады: нөмірін сонша рет жазыңыз.",
    "Один вариант можно отметить до {limit} раз: повторите его номер.",
    "One option may be marked up to {limit} times: repeat its number.",
)
NUMBER: Final = Phrase("Нөмір: ", "Номер: ", "Number: ")
NO_NUMBER: Final = Phrase(
    "Тек тізімдегі нөмірлерді жазыңыз.",
    "Введите только номера из списка.",
    "Type numbers of the list only.",
)
FAULTS: Final[dict[MarkFault, Phrase]] = {
    "contests": Phrase(
        "Сұрақтар осы бюллетеньдегідей емес.",
        "Вопросы не те, что в этом бюллетене.",
        "The contests are not those of this ballot.",
    ),
    "nothing": Phrase(
        "Ештеңе белгіленбеген; бос дауыс тізімде бөлек тұр.",
        "Ничего не отмечено; пустой голос стоит в списке отдельно.",
        "Nothing is marked; a blank vote is an option of the list.",
    ),
    "unknown": Phrase(
        "Тізімде мұндай нұсқа жоқ.", "Такого варианта в списке нет.", "There is no such option."
    ),
    "overvote": Phrase(
        "Тым көп белгіленді: ең көбі {contest_limit}.",
        "Отмечено слишком много: можно не более {contest_limit}.",
        "Too many marks: at most {contest_limit}.",
    ),
    "repeated": Phrase(
        "Бір нұсқаға ең көбі {option_limit} белгі қоюға болады.",
        "За один вариант можно поставить не более {option_limit} отметок.",
        "One option takes at most {option_limit} marks.",
    ),
    "beside_blank": Phrase(
        "Бос дауыс басқа белгімен бірге тұрмайды.",
        "Пустой голос не ставится вместе с другой отметкой.",
        "A blank vote does not stand beside another mark.",
    ),
}
YOUR_CHOICE: Final = Phrase("Сіздің таңдауыңыз:", "Ваш выбор:", "Your choice:")
WRITE: Final = Phrase(
    "1  картаға жазу\n2  қайта таңдау\n",
    "1  записать на карту\n2  выбрать заново\n",
    "1  write it to the card\n2  choose again\n",
)
WRITTEN: Final = Phrase(
    "Карта толтырылды. Оны дауыс беру жәшігіне апарыңыз.",
    "Карта заполнена. Отнесите её к ящику для голосования.",
    "The card is marked. Take it to the ballot box.",
)

# Ballot box.
NEXT_CARD: Final = Phrase(
    "Картаны салып, Enter басыңыз; аяқтау үшін 0.",
    "Вставьте карту и нажмите Enter; 0, чтобы закончить.",
    "Insert a card and press Enter; 0 to stop.",
)
CODE: Final = Phrase(
    "Растау коды: {code}", "Код подтверждения: {code}", "Confirmation code: {code}"
)
DECIDE: Final = Phrase(
    "1  бюллетеньді жәшікке салу\n2  машинаны тексеру: бюллетень ашылады, есептелмейді\n"
    "3  сайлаушы кетіп қалды\n",
    "1  опустить бюллетень\n2  проверить машину: бюллетень вскроют и не засчитают\n"
    "3  избиратель ушёл\n",
    "1  cast the ballot\n2  challenge the machine: the ballot is opened and not counted\n"
    "3  the voter has gone\n",
)
CAST: Final = Phrase(
    "Бюллетень қабылданды және есептеледі.",
    "Бюллетень принят и будет засчитан.",
    "The ballot is cast and will be counted.",
)
CHALLENGED: Final = Phrase(
    "Бюллетень есептелмейді. Машина мынаны шифрлаған:",
    "Бюллетень не будет засчитан. Машина зашифровала:",
    "The ballot is not counted. The machine had encrypted:",
)
COMPARE: Final = Phrase(
    "Бұл сіздің таңдауыңыз болмаса, комиссияға айтыңыз. Дауыс беру үшін жаңа рұқсат алыңыз.",
    "Если вы выбирали другое, сообщите комиссии. Чтобы проголосовать, получите новое разрешение.",
    "If this is not what you chose, tell the commission. To vote, get a new permit.",
)
OPENED_LATER: Final = Phrase(
    "Бюллетень есептелмейді. Жәшік қайта іске қосылған, сондықтан оны комиссия мүшелері "
    "кейін ашады; код бойынша іздеңіз. Дауыс беру үшін жаңа рұқсат алыңыз.",
    "Бюллетень не будет засчитан. Ящик перезапускали, поэтому его позже вскроют члены "
    "комиссии; найдите его по коду. Чтобы проголосовать, получите новое разрешение.",
    "The ballot is not counted. The box was started again, so the guardians open it later; "
    "look it up by its code. To vote, get a new permit.",
)
LEFT: Final = Phrase(
    "Бюллетень шешілмеген күйде қалды; карта қайта салынса, қайта сұралады.",
    "Бюллетень остался нерешённым; если карту вставят снова, вопрос повторится.",
    "The ballot stays undecided; it is asked about again if its card comes back.",
)
WIPED: Final = Phrase("Карта тазартылды.", "Карта стёрта.", "The card is wiped.")
NO_WIPE: Final = Phrase(
    "Карта тазартылмады; салынса, сол кезде тазартылады.",
    "Карта не стёрта; её сотрут, когда вставят.",
    "The card is not wiped; it is when it is inserted.",
)
SAME_CARD: Final = Phrase(
    "Сол картаны салып, Enter басыңыз; 0, егер ол жоқ болса.",
    "Вставьте ту же карту и нажмите Enter; 0, если её нет.",
    "Insert the same card and press Enter; 0 if it is gone.",
)
