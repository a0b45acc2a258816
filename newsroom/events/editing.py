"""The effect of editorial events on a story: pure functions, with the same result for the same story and event."""

import re
from collections.abc import Callable
from dataclasses import replace

from newsroom.events.arguments import Arguments, EventError
from newsroom.events.kinds import SYNONYMS
from newsroom.stories.chance import numbers, pick
from newsroom.stories.dates import iso, parse_clock
from newsroom.stories.story import Story, language_of

_HAN = "山水林田湖海云风雨雪春夏秋冬东西南北中上下左右天地日月星辰江河桥路城乡村镇市街"
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{4,}")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_WORDS = ("river", "bridge", "garden", "market", "harbour", "winter", "summer", "village", "street", "letter")
_WIDTHS = dict(zip(",，;；:：?？!！()（）", "，,；;：:？?！!（）()", strict=True))


def revised(story: Story, kind: str, arguments: Arguments, sequence: int) -> Story:
    """The story after one event; an event that changes no text leaves it as it is.

    sequence: the event's place among all events; a change without a given text is made from this number. Raises
    EventError if the event does not fit the story.
    """
    if kind == "publish":
        return _with_all(story, arguments)
    if kind == "edit":
        return _edited(story, arguments, sequence)
    if kind == "cosmetic" and arguments.get("how", "width") == "width":
        return _rewidthed(story, sequence)
    return story


def _with_all(story: Story, arguments: Arguments) -> Story:
    for name, value in arguments.items():
        if name != "article":
            text = " | ".join(value) if isinstance(value, list) else str(value)
            story = SETTERS[name](story, text)
    return story


def _edited(story: Story, arguments: Arguments, sequence: int) -> Story:
    default = "paragraph"
    name = str(arguments.get("property", default))
    name = SYNONYMS.get(name, name)
    text = arguments.get("text")
    if name == "paragraph":
        at = _paragraph_index(story, arguments, sequence)
        old = story.paragraphs[at]
        return _with_paragraph(story, at, _line(str(text)) if text is not None else nudged(old, sequence))
    if text is None:
        return SETTERS[name](story, _another(story, name, sequence))
    return SETTERS[name](story, str(text))


def _paragraph_index(story: Story, arguments: Arguments, sequence: int) -> int:
    count = len(story.paragraphs)
    given = arguments.get("paragraph")
    if given is None:
        return _draws(story, sequence)[0] % count
    # The translation of an article may have fewer paragraphs; then the count starts again.
    own = story.language == language_of(story.number)
    if not isinstance(given, int) or given < 1 or (own and given > count):
        raise EventError(f"edit: article {story.number} has paragraphs 1 to {count}, not {given}")
    return (given - 1) % count


def _with_paragraph(story: Story, at: int, text: str) -> Story:
    paragraphs = list(story.paragraphs)
    paragraphs[at] = text
    return replace(story, paragraphs=tuple(paragraphs))


def nudged(text: str, sequence: int) -> str:
    """The text with a small change, the same for the same text and `sequence`.

    Two Chinese characters in a run of at least four are exchanged for others; in a text without such a run one English
    word; in a text with neither, a mark is appended.
    """
    draws = numbers(f"{text}:{sequence}", 4)
    runs = list(_HAN_RUN.finditer(text))
    if runs:
        start = pick(runs, draws[0]).start() + 1
        return text[:start] + "".join(map(_other_han, text[start : start + 2], draws[1:3])) + text[start + 2 :]
    words = list(_WORD.finditer(text))
    if words:
        word = pick(words, draws[0])
        return text[: word.start()] + _other(_WORDS, word[0], draws[1]) + text[word.end() :]
    return text + ("。" if text.endswith("！") else "!")


def _other_han(character: str, draw: int) -> str:
    return _other(tuple(_HAN), character, draw)


def _other(choices: tuple[str, ...], old: str, draw: int) -> str:
    return pick([choice for choice in choices if choice != old], draw)


def _rewidthed(story: Story, sequence: int) -> Story:
    marks = [
        (at, place)
        for at, paragraph in enumerate(story.paragraphs)
        for place, character in enumerate(paragraph)
        # Not beside a digit: a full-width mark would make another number of it.
        if character in ",，;；" and not paragraph[place + 1 : place + 2].isdigit()
    ]
    if not marks:
        raise EventError(f"cosmetic: article {story.number} has no punctuation to change")
    at, place = pick(marks, _draws(story, sequence)[1])
    old = story.paragraphs[at]
    return _with_paragraph(story, at, old[:place] + _WIDTHS[old[place]] + old[place + 1 :])


def _draws(story: Story, sequence: int) -> tuple[int, ...]:
    return numbers(f"{story.number}:{sequence}:edit", 4)


def _another(story: Story, name: str, sequence: int) -> str:
    """A slightly changed value of a property, in the form of an event's `text`: keywords as `a | b`.

    Keywords get one more, the date is a day earlier; any other text is `nudged`. Raises EventError if the story has no
    value of this property.
    """
    if name == "date_published":
        return iso(parse_clock(story.date_published) - 86_400)
    if name == "keywords":
        return " | ".join((*story.keywords, "Revision" if story.language == "en" else "修订"))
    if name == "body_text":
        at = _draws(story, sequence)[0] % len(story.paragraphs)
        return "\n".join(_with_paragraph(story, at, nudged(story.paragraphs[at], sequence)).paragraphs)
    old = getattr(story, name)
    if old is None:
        raise EventError(f"edit: article {story.number} has no {name}; give its text")
    return nudged(str(old), sequence)


def _line(text: str) -> str:
    found = " ".join(text.split())
    if not found:
        raise EventError("edit: the text is empty")
    return found


def _with_line(name: str) -> Callable[[Story, str], Story]:
    def setter(story: Story, text: str) -> Story:
        found = _line(text)
        changes: dict[str, str | None] = {name: found}
        return replace(story, **changes)  # type: ignore[arg-type]  # every name here is a text of Story

    return setter


def _with_keywords(story: Story, text: str) -> Story:
    return replace(story, keywords=tuple(part.strip() for part in text.split("|") if part.strip()))


def _with_date(story: Story, text: str) -> Story:
    try:
        return replace(story, date_published=iso(parse_clock(text)))
    except ValueError as error:
        raise EventError(f"date_published is ISO 8601, such as 2026-11-20T10:00:00+08:00, not {text!r}") from error


def _with_body(story: Story, text: str) -> Story:
    paragraphs = tuple(_line(line) for line in text.split("\n") if line.strip())
    if not paragraphs:
        raise EventError("edit: the text is empty")
    headings = tuple(heading for heading in story.headings if heading[0] < len(paragraphs))
    return replace(story, paragraphs=paragraphs, headings=headings)


SETTERS: dict[str, Callable[[Story, str], Story]] = {
    "keywords": _with_keywords,
    "date_published": _with_date,
    "body_text": _with_body,
    **{
        name: _with_line(name)
        for name in ("headline", "alternative_headline", "article_section", "speaker", "biography")
    },
}
