"""The text of article n: a pure function of seed, number, language and publication time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import gcd

from newsroom.stories.chance import numbers, pick
from newsroom.stories.dates import iso
from newsroom.stories.story import THINKER, Head, Story, column_of
from newsroom.stories.words import chinese, english, people
from newsroom.stories.words.topics import TOPICS, Word

_SMALL_WORD = re.compile(r"\[(\w+)\]")
_TERM = re.compile(r"%\(([tupo])(\d)\)s")
_TERM_COUNTS = {"t": 10, "u": 5, "p": 3, "o": 2}
_VARIANTS = 96  # variants of each sentence pattern
Cast = tuple[Word, ...]
"""The speakers of the Thinker column; if empty, each article has a speaker of its own."""
_COUNTS = {"zh": ("三", "四", "五", "六"), "en": ("Three", "Four", "Five", "Six")}


@dataclass(frozen=True, slots=True)
class Stock:
    """The sentence patterns of one kind, each in many variants, made once per seed and language."""

    patterns: tuple[tuple[str, ...], ...]
    steps: tuple[int, ...]  # steps that walk through all patterns before one repeats

    def walk(self, draws: Iterator[int]) -> Iterator[str]:
        """Yield a sentence for each draw but the first two, with slots (`%(t0)s`) for an article's terms.

        draws: random numbers; the first two choose the pattern to begin with and the step between patterns.
        """
        patterns, count = self.patterns, len(self.patterns)
        at, step = next(draws), pick(self.steps, next(draws))
        for draw in draws:
            at = (at + step) % count
            yield patterns[at][draw % _VARIANTS]


@lru_cache(maxsize=32)
def _lines(language: str, name: str) -> list[str]:
    return str(getattr(chinese if language == "zh" else english, name)).strip().splitlines()


@lru_cache(maxsize=2)
def _small_words(language: str) -> dict[str, list[str]]:
    lists = chinese.LISTS if language == "zh" else english.LISTS
    return {name: line.split(" " if language == "zh" else "|") for name, line in lists.items()}


@lru_cache(maxsize=16)
def stock(seed: int, language: str, kind: str) -> Stock:
    """The stock of a kind of sentences, OPENERS, FOLLOWERS or CLOSERS, in a language (zh or en); it is cached."""
    lines, words = _lines(language, kind), _small_words(language)
    draws = list(numbers(f"{seed}:{language}:{kind}", len(lines) * _VARIANTS * 8))
    patterns = tuple(tuple(_variant(line, words, draws) for _ in range(_VARIANTS)) for line in lines)
    steps = tuple(step for step in range(1, len(lines)) if gcd(step, len(lines)) == 1)
    return Stock(patterns, steps)


def _variant(pattern: str, words: dict[str, list[str]], draws: list[int]) -> str:
    """The pattern with its `[words]` filled in, and each slot of a term exchanged for another of the same kind.

    `%(t0)s` may become `%(t3)s`. draws: random numbers; those used are taken from its end.
    """
    shift = draws.pop()
    moved = _TERM.sub(lambda term: f"%({term[1]}{(int(term[2]) + shift) % _TERM_COUNTS[term[1]]})s", pattern)
    return _SMALL_WORD.sub(lambda word: pick(words[word[1]], draws.pop()), moved)


def head(seed: int, number: int, language: str, published: int, cast: Cast = ()) -> Head:
    """The head of article `number`; `published` in Unix seconds; cast: the speakers to choose from (see `Cast`)."""
    return _head(seed, number, language, published, cast)[0]


def story(seed: int, number: int, language: str, published: int, cast: Cast = ()) -> Story:
    """The whole of article `number`: 2,000 to 8,000 characters in 8 to 25 paragraphs."""
    top, terms = _head(seed, number, language, published, cast)
    draws = numbers(f"{seed}:{number}:{language}:body", 320)
    paragraphs = _paragraphs(seed, top, terms, draws)
    return Story(
        top.number, top.language, top.column, top.headline, top.alternative_headline, top.article_section,
        top.speaker, top.keywords, top.date_published, top.author, top.editor, top.summary,
        paragraphs=paragraphs,
        headings=_headings(language, terms, len(paragraphs), draws),
        biography=pick(_lines(language, "BIOGRAPHIES"), draws[0]) % terms if top.speaker else None,
        notice=_lines(language, "NOTICE")[0],
    )  # fmt: skip


# Lists, related items and the article itself ask for the same heads soon after each other.
@lru_cache(maxsize=2048)
def _head(seed: int, number: int, language: str, published: int, cast: Cast) -> tuple[Head, dict[str, str]]:
    # People, topic and figures are drawn independently of the language: the mirror translates the same article.
    draws = numbers(f"{seed}:{number}", 48)
    side = 0 if language == "zh" else 1
    column = column_of(number)
    terms = _terms(draws, side)
    name = pick(cast, draws[30])[side] if cast and column is THINKER else _person(draws[30:33], side)
    terms["speaker"] = name
    terms["headline"] = headline = pick(_lines(language, "TITLES"), draws[33]) % terms
    speaker = name if column is THINKER else None
    second = pick(_lines(language, "SECONDS"), draws[34]) % terms if draws[35] % 3 == 0 and speaker else None
    summary = pick(pick(stock(seed, language, "OPENERS").patterns, draws[36]), draws[42]) % terms
    found = Head(
        number, language, column, headline, second, column[1 + side], speaker,
        _keywords(terms, draws[37], language),
        iso(published), None if speaker else name, _person(draws[38:41], side), summary,
    )  # fmt: skip
    return found, terms


def _terms(draws: tuple[int, ...], side: int) -> dict[str, str]:
    topic, second = TOPICS[draws[0] % len(TOPICS)], TOPICS[(draws[0] + 1 + draws[1] % 38) % len(TOPICS)]
    step = (1, 3, 7, 9)[draws[2] & 3]
    terms = {f"t{i}": topic.terms[(draws[3] + i * step) % 10][side] for i in range(10)}
    terms |= {f"u{i}": second.terms[(draws[4] + i) % 10][side] for i in range(5)}
    terms |= {f"p{i}": _from(people.PLACES, draws[5] + i * 17, side) for i in range(3)}
    terms |= {f"o{i}": _from(people.INSTITUTIONS, draws[6] + i * 5, side) for i in range(2)}
    terms |= _figures(draws[8:20])
    return terms | {
        "topic": topic.name[side],
        "office": _from(people.OFFICES, draws[20], side),
        "forum": _from(people.FORUMS, draws[21], side),
        "month": str(draws[22] % 12 + 1) if side == 0 else people.MONTHS[draws[22] % 12],
        "k": pick(_COUNTS["en" if side else "zh"], draws[23]),
    }


def _figures(draws: tuple[int, ...]) -> dict[str, str]:
    return {
        "n0": str(31 + draws[0] % 59),
        "n1": str(3 + draws[1] % 10),
        "n2": str(12 + draws[2] % 470),
        "n3": f"{1 + draws[3] % 37}.{1 + draws[4] % 9}",
        "n4": str(5 + draws[5] % 41),
        "n5": str(101 + draws[6] % 2300),
        "n6": str(6 + draws[7] % 43),
        "n7": str(2 + draws[8] % 8),
        "y": str(2009 + draws[9] % 16),
    }


def _from(words: tuple[Word, ...], draw: int, side: int) -> str:
    return words[draw % len(words)][side]


def _person(draws: tuple[int, ...], side: int) -> str:
    surname, first = pick(people.SURNAMES, draws[0])[side], pick(people.GIVEN_FIRST, draws[1])[side]
    second = "" if draws[2] % 5 == 0 else pick(people.GIVEN_SECOND, draws[2] // 5)[side]
    return surname + first + second if side == 0 else f"{surname} {(first + second).capitalize()}"


def _keywords(terms: dict[str, str], draw: int, language: str) -> tuple[str, ...]:
    words = (terms["topic"], terms["t0"], terms["p0"], terms["t1"])[: 2 + draw % (3 if language == "zh" else 2)]
    return tuple(word[0].upper() + word[1:] for word in words)


def _paragraphs(seed: int, top: Head, terms: dict[str, str], draws: tuple[int, ...]) -> tuple[str, ...]:
    joint = "" if top.language == "zh" else " "
    counts, rest = draws[4:32], iter(draws[40:])
    openers = stock(seed, top.language, "OPENERS").walk(iter(draws[8:40]))
    followers = stock(seed, top.language, "FOLLOWERS").walk(rest)
    lines = [pick(_lines(top.language, "INTRODUCTIONS" if top.speaker else "LEDES"), draws[1])]
    lines += [
        joint.join([next(openers), *islice(followers, count)]) for count in _sentence_counts(top.language, counts)
    ]
    lines[-1] += joint + pick(pick(stock(seed, top.language, "CLOSERS").patterns, draws[2]), draws[3])
    # One substitution for the whole body is several times faster than one per sentence.
    return tuple(("\n".join(lines) % terms).split("\n"))


def _sentence_counts(language: str, draws: tuple[int, ...]) -> list[int]:
    """For each paragraph after the first, an introduction, the number of sentences after its opening sentence.

    draws: random numbers; the first two choose how many paragraphs there are, and their usual length.
    """
    paragraphs, low, high = (7 + draws[0] % 18, 80, 175) if language == "zh" else (7 + draws[0] % 9, 22, 42)
    usual = max(2, (low + draws[1] % (high - low)) // paragraphs)
    return [usual + draw % 3 - 1 for draw in draws[2 : 2 + paragraphs]]


def _headings(
    language: str, terms: dict[str, str], paragraphs: int, draws: tuple[int, ...]
) -> tuple[tuple[int, str], ...]:
    count, lines = 2 + draws[36] % 3, _lines(language, "HEADINGS")
    places = (1 + (paragraphs - 2) * i // count for i in range(count))
    return tuple((place, lines[(draws[37] + i) % len(lines)] % terms) for i, place in enumerate(places))
