"""Raw strings of a property in, its value out: one normaliser for each kind of property, for all pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from parsers.dates import AGO, ParsedDate, in_english, iso_moment, parse_date, whole_year
from parsers.links import absolute
from parsers.people import source_line as source_of
from parsers.people import split_names
from parsers.reader.view.provenance import Rule, Text, made_of, text_from
from parsers.reader.view.thresholds import MAX_KEYWORD_CHARACTERS, MAX_KEYWORDS, MAX_NAME_CHARACTERS
from parsers.text import HAN, IN_NO_NAME, clean_text, in_language, without_summary_label
from parsers.titles import TitleParts, parse_title

KEYWORD_SEPARATORS = (re.compile(r"[,;；\n\t]+"), re.compile(r"[，、|｜]+"))
KEYWORD_SEPARATOR = re.compile(r"[,;；\n\t，、|｜]")
MARK_BETWEEN_NAMES = re.compile(r"[、，;；/|]+")
NAME_SEPARATOR = re.compile(MARK_BETWEEN_NAMES.pattern + rf"|(?<=[{HAN}])\s+(?=[{HAN}])")
NO_NAMES = frozenset(("admin", "editor", "null", "none", "undefined", "name", "unknown"))
LATIN = re.compile(r"[A-Za-z]")
TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
CHARACTERS, DECLARED = Rule("characters of headline and first paragraphs"), Rule("lang attribute of the page")
TITLE_PLACES = {
    "alternative_headline": Rule("second clause of the title line"),
    "kicker": Rule("line above the headline in the title line"),
    "article_section": Rule("column in the title line"),
    "speaker": Rule("speaker in the title line"),
    "keywords": Rule("tag line of the title line"),
}

# Zones for pages that name none: that of the country, if it has only one, else that of the language; the rest is UTC.
_HOSTS = """
    .tw Asia/Taipei, .hk Asia/Hong_Kong, .cn Asia/Shanghai, .jp Asia/Tokyo, .kr Asia/Seoul, .sg Asia/Singapore,
    .in Asia/Kolkata, .vn Asia/Ho_Chi_Minh, .th Asia/Bangkok, .my Asia/Kuala_Lumpur, .ph Asia/Manila,
    .pk Asia/Karachi, .bd Asia/Dhaka, .il Asia/Jerusalem, .tr Europe/Istanbul, .ae Asia/Dubai, .ir Asia/Tehran,
    .sa Asia/Riyadh, .de Europe/Berlin, .at Europe/Vienna, .ch Europe/Zurich, .li Europe/Vaduz,
    .lu Europe/Luxembourg, .fr Europe/Paris, .be Europe/Brussels, .nl Europe/Amsterdam, .it Europe/Rome,
    .es Europe/Madrid, .pt Europe/Lisbon, .uk Europe/London, .ie Europe/Dublin, .dk Europe/Copenhagen,
    .se Europe/Stockholm, .no Europe/Oslo, .fi Europe/Helsinki, .is Atlantic/Reykjavik, .pl Europe/Warsaw,
    .cz Europe/Prague, .sk Europe/Bratislava, .hu Europe/Budapest, .ro Europe/Bucharest, .bg Europe/Sofia,
    .gr Europe/Athens, .hr Europe/Zagreb, .rs Europe/Belgrade, .si Europe/Ljubljana, .ba Europe/Sarajevo,
    .ua Europe/Kyiv, .lt Europe/Vilnius, .lv Europe/Riga, .ee Europe/Tallinn, .za Africa/Johannesburg,
    .eg Africa/Cairo, .ng Africa/Lagos, .ke Africa/Nairobi, .na Africa/Windhoek, .nz Pacific/Auckland,
    .ar America/Argentina/Buenos_Aires, .pe America/Lima, .uy America/Montevideo, .ve America/Caracas,
    .bo America/La_Paz, .py America/Asuncion
"""
AMERICAN_TIME = re.compile(r"\d\s*[ap]\.?m\.?,?\s+([ECMP]T)\b", re.IGNORECASE)  # 4:23 pm ET, in summer or winter
AMERICAN_ZONES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
}  # fmt: skip
# Days in the commonest forms, without an hour.
BARE_DAY = re.compile(
    r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{1,2}-\d{1,2}|(?:\d{1,2}\.? )?[^\W\d_]{3,10}\.? (?:\d{1,2}, )?\d{4}"
)
ZONES_BY_HOST = dict(pair.split() for pair in _HOSTS.split(","))
_LANGUAGES = """
    zh Asia/Shanghai, ja Asia/Tokyo, ko Asia/Seoul, vi Asia/Ho_Chi_Minh, th Asia/Bangkok, tr Europe/Istanbul,
    de Europe/Berlin, it Europe/Rome, nl Europe/Amsterdam, pl Europe/Warsaw, da Europe/Copenhagen,
    sv Europe/Stockholm, nb Europe/Oslo, no Europe/Oslo, fi Europe/Helsinki, cs Europe/Prague, hu Europe/Budapest,
    el Europe/Athens, bg Europe/Sofia, uk Europe/Kyiv
"""
ZONES_BY_LANGUAGE = dict(pair.split() for pair in _LANGUAGES.split(","))


def line(texts: tuple[str, ...]) -> str | None:
    """The first text that is not empty, cleaned; None without one."""
    for text in texts:
        if cleaned := clean_text(text):
            return made_of(cleaned, text)
    return None


def summary(texts: tuple[str, ...]) -> str | None:
    """The first text that is not empty, cleaned, without a label such as 摘要：.

    None without one, and if only the label is in it: no later text is tried.
    """
    cleaned = line(texts)
    return made_of(without_summary_label(cleaned), cleaned) or None if cleaned else None


def title(text: str, source: str | None, *, tagged: bool) -> TitleParts:
    """The parts of a title line; unless `tagged`, the whole line is the headline.

    `source`: the name of the declared source, by whose habits the line is split; None for any site.
    """
    if tagged:
        return _placed(parse_title(text, source), text)
    return TitleParts(
        headline=text,
        alternative_headline=None,
        kicker=None,
        article_section=None,
        speaker=None,
        keywords=(),
        glued_keyword=None,
        in_language=None,
    )


def _placed(parts: TitleParts, line: str) -> TitleParts:
    """The parts; each that TITLE_PLACES names is a `Text` with its place in the title line. The headline is not."""
    texts = {name: getattr(parts, name) for name in TITLE_PLACES if name != "keywords"}
    placed = {name: text_from(TITLE_PLACES[name], text, line) for name, text in texts.items() if text}
    tags = tuple(text_from(TITLE_PLACES["keywords"], tag, line) for tag in parts.keywords)
    return replace(parts, **placed, keywords=tags)


def names(texts: tuple[str, ...], without: str | None = None, *, japanese: bool = False) -> tuple[str, ...]:
    """Person names, each once; a text may hold several, separated by commas, 、 or "and", Chinese ones also by blanks.

    Addresses, numbers, sentences, placeholders and overlong names are left out, and the name `without`. japanese: a
    blank separates no names, but surname and given name (山田 太郎).
    """
    if not texts:
        return ()
    found = _once([(name, text) for text in texts if _may_name(text) for name in _parted(text, japanese=japanese)])
    return tuple([name for name in found if len(name) <= MAX_NAME_CHARACTERS and name != without and _may_name(name)])


def _parted(text: str, *, japanese: bool) -> list[str]:
    told = " ".join(html.unescape(text).split())
    separator = MARK_BETWEEN_NAMES if japanese else NAME_SEPARATOR
    return [name for part in separator.split(told) for name in split_names(part)]


def _may_name(text: str) -> bool:
    """True if a text may be a name: no address, number, sentence, or placeholder such as admin."""
    lowered = text.lower()
    return IN_NO_NAME.search(text) is None and not (
        "@" in text or text.isdecimal() or lowered in NO_NAMES or "http://" in lowered or "https://" in lowered
    )


def source(texts: tuple[str, ...]) -> str | None:
    """The source in the first text that names one, without its label (来源：); None without one.

    A text without a label is itself the name. A name longer than MAX_NAME_CHARACTERS does not count.
    """
    for text in texts:
        name = source_of(text) or clean_text(text)
        if 0 < len(name) <= MAX_NAME_CHARACTERS:
            return made_of(name, text)
    return None


def keywords(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The keywords in these texts, each once, without overlong ones, at most MAX_KEYWORDS.

    A text is split at , ; ； tabs and line ends; without any of these at ， 、 and bars; without any of these at
    blanks, but only if it has no Latin letters.
    """
    if not texts:
        return ()
    parts = _once([(part, text) for text in texts for part in _keyword_parts(text)])
    return tuple([part for part in parts if len(part) <= MAX_KEYWORD_CHARACTERS][:MAX_KEYWORDS])


def _keyword_parts(text: str) -> list[str]:
    if KEYWORD_SEPARATOR.search(text):
        western, eastern = KEYWORD_SEPARATORS
        return (western if western.search(text) else eastern).split(text)
    return [text] if LATIN.search(text) else text.split()


def normalise_published(texts: tuple[str, ...], captured_at: datetime, timezone: str) -> ParsedDate | None:
    """The date in the first text that holds one; None without one. Texts such as 3小时前 are no dates here.

    If it names only a day, the first later text that names an hour of that day is taken instead.
    """
    day: ParsedDate | None = None
    for text in dict.fromkeys(texts):
        if day is not None and BARE_DAY.fullmatch(text):
            continue
        date = _date(text, captured_at, timezone)
        if date is None:
            continue
        if date.precision != "day" and (day is None or date.value.date() == day.value.date()):
            return date
        day = day or date
    return day


def _date(text: str, captured_at: datetime, timezone: str) -> ParsedDate | None:
    if whole := iso_moment(text.strip()):
        return replace(whole, raw=made_of(whole.raw, text)) if isinstance(text, Text) else whole
    american = AMERICAN_TIME.search(text[:200])
    zone = AMERICAN_ZONES[american[1].upper()] if american else timezone
    told = whole_year(text) if timezone.startswith("Europe/") else text
    date = parse_date(in_english(told), now=captured_at, timezone=zone)
    if date is None or (date.kind == "relative" and AGO.search(date.raw)):
        return None  # 3小时前 is another moment at each visit
    raw, assumed = made_of(text.strip(), text), date.zone_assumed and not american
    return replace(date, raw=raw, zone_assumed=assumed)


def address(texts: tuple[str, ...], base: str) -> str | None:
    """The first text that can be made an absolute address (http or https) from `base`, as that; None without one."""
    for text in texts:
        if url := absolute(base, text):
            return made_of(url, text)
    return None


def language(text: str, declared: str | None) -> str | None:
    """The language tag of a page (zh-Hans, en, de); None if unknown.

    The characters of the text decide if they show another language than English. Else `declared` decides if it is a
    language tag, but not one of Chinese, Japanese or Korean, which the characters would show. Else Latin letters make
    it English.
    """
    told = in_language(text)
    plain = (declared or "").strip().replace("_", "-")
    if told is not None and told != "en":
        return text_from(CHARACTERS, told)
    if TAG.fullmatch(plain) and not plain.lower().startswith(("zh", "ja", "ko")):
        return text_from(DECLARED, plain, declared)
    found = told or ("en" if LATIN.search(text) else None)
    return text_from(CHARACTERS, found) if found else None


def zone_of(host: str, in_language: str | None) -> str:
    """The IANA zone of a page's clock, by the end of its host's name, else by its language; else UTC."""
    by_host = ZONES_BY_HOST.get(host[host.rfind(".") :])
    return by_host or ZONES_BY_LANGUAGE.get((in_language or "")[:2], "UTC")


def _once(parts: Iterable[tuple[str, str]]) -> list[str]:
    """The part of each (part, text), cleaned, each once, without empty ones.

    A part is a `Text` with the place of the first text that gave it, if that text has a place.
    """
    found: dict[str, str] = {}
    for part, text in parts:
        found.setdefault(clean_text(part), text)
    return [made_of(part, text) for part, text in found.items() if part]
