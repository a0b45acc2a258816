"""Days of European languages rewritten in English: 3. März 2022, 14.05 Uhr becomes 3 March 2022 14:05."""

from __future__ import annotations

import re

# Names of months in the forms behind a day, by number; English ones are read without help.
_NAMES = """
    january januar jänner jan january janvier janv enero ene gennaio gen janeiro januari stycznia ledna января січня ocak ianuarie január يناير
    february februar feber feb février fevrier févr fév febrero febbraio fevereiro fev februari lutego února февраля лютого şubat februarie február فبراير
    march märz maerz mär mrz mars marzo março marco maart mrt marts marca března марта березня mart martie március maret مارس
    april apr avril avr abril abr aprile kwietnia dubna апреля квітня nisan aprilie április أبريل
    may mai mayo maggio mag maio mei maj maja května мая травня mayıs május مايو
    june juni jun juin junio giugno giu junho czerwca června июня червня haziran iunie június يونيو
    july juli jul juillet juil julio luglio lug julho lipca července июля липня temmuz iulie július يوليو
    august aug août aout agosto ago augustus augusti sierpnia srpna августа серпня ağustos augusztus agustus أغسطس
    september sept sep septembre septiembre setiembre settembre set setembro września září сентября вересня eylül septembrie szeptember سبتمبر
    october oktober okt oct octobre octubre ottobre ott outubro out października října октября жовтня ekim octombrie október أكتوبر
    november nov novembre noviembre novembro listopada listopadu ноября листопада kasım noiembrie نوفمبر
    december dezember dez dec décembre decembre diciembre dicembre dic dezembro grudnia prosince декабря грудня aralık decembrie desember ديسمبر
"""  # noqa: E501
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ONE_LETTER = str.maketrans("İıſ", "iis")  # patterns that ignore case take these for one: NİSAN, ARALIK


def _plain(name: str) -> str:
    return name.translate(_ONE_LETTER).lower()


MONTHS = {
    _plain(name): english
    for english, names in zip(_ENGLISH, _NAMES.strip().split("\n"), strict=True)
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_CLOCK = r"(?P<hour>[01]?\d|2[0-3])(?:\s*[:.hH]\s*(?P<minute>[0-5]\d)(?![\d.])|\s*[hH]\b|(?=\s*Uhr))(?:\s*(?:Uhr|h)\b)?"
WESTERN_DATE = re.compile(
    rf"""(?<![\d.,])(?P<day>[0-3]?\d)(?:
        (?:\.º|[.ºª°]|er|e|ste|de|th|st|nd|rd)?\s*[-\s]?\s*(?:d[eia]l?\s+)?(?=[^\W\d_])  # spares the names
        (?P<name>{MONTH})\b\.?,?\s*(?:d[eia]l?\s+)?
      | \.\s?(?P<month>[01]?\d)\.\s?
    )(?P<year>(?:19|20)\d\d|\d\d(?=[\s,|–-]{{1,4}}[012]?\d[:.]\d\d\s*Uhr))(?!\d|\.\d)
    (?:[\s,|–—-]{{0,4}}(?:(?:um|à|às|as|a\s+las|alle|ore|ora|kl\.?|klokken|o|om|la|в|saat)\s+)?{_CLOCK})?""",
    re.VERBOSE | re.IGNORECASE,
)

SHORT = re.compile(r"(\d\d?\.\d\d?\.)(\d\d)")
MAX_SHORT_CHARACTERS = 8  # 23.09.22


def in_english(text: str) -> str:
    """The first 2,000 characters of a text, in which the first day of a European language is written in English.

    The hour after that day is rewritten too; without such a day nothing is.

    >>> in_english("Stand: 3. März 2022, 14.05 Uhr")
    'Stand: 3 March 2022 14:05'
    """
    return WESTERN_DATE.sub(_told, text[:2000], count=1)


def whole_year(text: str) -> str:
    """The text with 20 before its year if it is only a day with dots and a year of two digits; else unchanged.

    >>> whole_year("2.11.22")
    '2.11.2022'
    """
    found = SHORT.fullmatch(text) if len(text) <= MAX_SHORT_CHARACTERS else None
    return f"{found[1]}20{found[2]}" if found else text


def _told(found: re.Match[str]) -> str:
    month = MONTHS[_plain(found["name"])] if found["name"] else _ENGLISH[(int(found["month"]) - 1) % 12]
    if found["month"] and not 1 <= int(found["month"]) <= 12:
        return found[0]
    clock = f" {found['hour']}:{found['minute'] or '00'}" if found["hour"] else ""
    year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
    return f"{int(found['day'])} {month} {year}{clock}"
