"""Two hundred seeded edits of generated articles: exactly the change is marked, and its kind has the right name.

The measure. A seed makes one edit of one kind and says what it changed: how many characters went and how many came. A
replacement shares no character with what it replaces, so nothing may be marked less, nothing more: the characters in
segments `delete` and `insert` must be exactly as many, and both texts must be restored. A number or a word of English
changes as a whole. A moved paragraph changes places with those it jumps over, so the shorter of the two moves; it is
counted with its line break. The type is right when the comparison names one property, the right one, and in it one kind
of change in one place, the right one.

Even seeds were there while the comparison was built, odd ones were held out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

import pytest

from archive.answers.differences import properties, segments_in
from archive.diffing.properties import sides
from archive.rules.identity import differences
from newsroom.stories.writing import story
from parsers.article import Article

pytestmark = pytest.mark.slow

PUBLISHED = 1_713_000_000
OTHERS = "鲸鹭梅兰竹菊琴棋舟帆霜雁蝉蝶橘枫"  # characters and words that the generator does not write
PHRASES = ("鲸落", "霜雁南归", "橘枫蝉蝶", "琴棋舟帆梅", "兰竹菊鹭相望")
WORDS = ("heron", "lantern", "orchard", "saffron", "willow")
HAN = "[\u4e00-\u9fff]"


@dataclass(frozen=True)
class Edit:
    """An article before and after one edit, and the true measures of that edit."""

    before: Article
    after: Article
    name: str
    kind: str
    went: int
    came: int


def written(seed: int, language: str = "zh") -> Article:
    told = story(seed, 1 + seed, language, PUBLISHED)
    return Article(
        headline=told.headline,
        keywords=told.keywords,
        date_published=datetime.fromisoformat(told.date_published),
        in_language="zh-Hans" if language == "zh" else "en",
        paragraphs=told.paragraphs,
    )


def spots(pattern: str, text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(pattern, text)]


def spliced(article: Article, kind: str, span: tuple[int, int], text: str) -> Edit:
    """The edit that puts a text in the place of a stretch of the body."""
    body = "\n".join(article.paragraphs)
    start, end = span
    after = replace(article, paragraphs=tuple((body[:start] + text + body[end:]).split("\n")))
    return Edit(article, after, "body_text", kind, end - start, len(text))


def body_of(article: Article) -> str:
    return "\n".join(article.paragraphs)


def character(seed: int, chance: Random) -> Edit:
    article = written(seed)
    start, end = chance.choice(spots(HAN, body_of(article)))
    return spliced(article, "replaced", (start, end), chance.choice(OTHERS))


def inserted(seed: int, chance: Random) -> Edit:
    english = seed % 4 == 1
    article = written(seed, "en" if english else "zh")
    at = chance.choice(spots(" (?=[a-z])" if english else f"(?<={HAN})(?={HAN})", body_of(article)))[0]
    text = "".join(f" {word}" for word in chance.sample(WORDS, 3)) if english else chance.choice(PHRASES)
    return spliced(article, "inserted", (at, at), text)


def deleted(seed: int, chance: Random) -> Edit:
    article = written(seed)
    start, end = chance.choice(spots(f"{HAN}{{2,12}}", body_of(article)))
    return spliced(article, "deleted", (start, end), "")


def punctuation(seed: int, chance: Random) -> Edit:
    article = written(seed)
    body = body_of(article)
    how = chance.randrange(3)
    if how == 0:
        at = chance.choice(spots(f"(?<={HAN})(?={HAN})", body))[0]
        return spliced(article, "punctuation", (at, at), "，")
    return spliced(article, "punctuation", chance.choice(spots("，", body)), "" if how == 1 else "；")


def number(seed: int, chance: Random) -> Edit:
    article = written(seed)
    body = body_of(article)
    start, end = chance.choice(spots(r"(?<![\d.A-Za-z])\d+(?:\.\d+)?(?![\d.A-Za-z])", body))
    other = chance.choice([text for text in ("7", "48", "2031", "6.5") if text != body[start:end]])
    return spliced(article, "number", (start, end), other)


def moved(seed: int, chance: Random) -> Edit:
    article = written(seed)
    lines = list(article.paragraphs)
    start, to = chance.sample(range(len(lines) - 1), 2)  # the last one has no line break to take along
    over = lines[start + 1 : to + 1] if to > start else lines[to:start]
    lines.insert(to, lines.pop(start))
    size = min(len(article.paragraphs[start]) + 1, sum(len(each) + 1 for each in over))
    return Edit(article, replace(article, paragraphs=tuple(lines)), "body_text", "moved", size, size)


def joined(seed: int, chance: Random) -> Edit:
    article = written(seed)
    return spliced(article, "joined", chance.choice(spots("\n", body_of(article))), "")


def split(seed: int, chance: Random) -> Edit:
    article = written(seed)
    at = chance.choice(spots("(?<=。)(?=[^\n])", body_of(article)))[0]
    return spliced(article, "split", (at, at), "\n")


def headline(seed: int, chance: Random) -> Edit:
    article = written(seed)
    start, end = chance.choice(spots(f"{HAN}{{2}}", article.headline or ""))
    text = "".join(chance.sample(OTHERS, 2))
    after = replace(article, headline=f"{(article.headline or '')[:start]}{text}{(article.headline or '')[end:]}")
    return Edit(article, after, "headline", "replaced", 2, 2)


def date(seed: int, chance: Random) -> Edit:
    article = written(seed)
    assert article.date_published is not None
    after = replace(article, date_published=article.date_published + timedelta(days=chance.randrange(1, 9)))
    size = len(article.date_published.isoformat())
    return Edit(article, after, "date_published", "date", size, size)


def keyword(seed: int, chance: Random) -> Edit:
    article = written(seed)
    words = list(article.keywords)
    words.insert(chance.randrange(len(words) + 1), new := chance.choice(PHRASES))
    return Edit(article, replace(article, keywords=tuple(words)), "keywords", "list", 0, len(new) + 1)


def word(seed: int, chance: Random) -> Edit:
    article = written(seed, "en")
    span = chance.choice(spots(r"\b[a-z]{4,}\b(?!['’-])", body_of(article)))
    return spliced(article, "replaced", span, chance.choice(WORDS))


KINDS: tuple[Callable[[int, Random], Edit], ...] = (
    character, inserted, deleted, punctuation, number, moved, joined, split, headline, date, keyword, word,
)  # fmt: skip
SEEDS = range(200)


def edit_of(seed: int) -> Edit:
    return KINDS[seed // 2 % len(KINDS)](seed, Random(seed))


def judged(edit: Edit) -> tuple[bool, bool]:
    """True if exactly the changed characters are marked, and True if the change has its right name."""
    told = properties(edit.before, edit.after)
    found = segments_in(told[0])
    counts = tuple(sum(len(each.text) for each in found if each.op == op) for op in ("delete", "insert"))
    ((_, old, new),) = differences(edit.before, edit.after)
    named = [(each["property"], change["kind"], change["places"]) for each in told for change in each["changes"]]
    exact = counts == (edit.went, edit.came) and sides(found) == (old, new)
    return exact, named == [(edit.name, edit.kind, 1)]


@pytest.mark.parametrize("half", [0, 1], ids=["built with", "held out"])
def test_every_seeded_edit_is_marked_exactly_and_most_have_the_right_kind(half: int) -> None:
    judgements = {seed: judged(edit_of(seed)) for seed in SEEDS if seed % 2 == half}
    inexact = [seed for seed, (exact, _) in judgements.items() if not exact]
    misnamed = [seed for seed, (_, named) in judgements.items() if not named]
    print(f"\n{len(judgements)} edits: marked exactly {len(judgements) - len(inexact)}, "
          f"types right {len(judgements) - len(misnamed)}")  # fmt: skip
    assert inexact == []
    assert len(misnamed) <= len(judgements) * 0.05


@pytest.mark.parametrize("half", [0, 1], ids=["built with", "held out"])
def test_several_edits_of_one_article_are_marked_each(half: int) -> None:
    """With a paragraph for each edit there are as many places as edits, with the right number of characters."""
    for seed in range(half, 40, 2):
        chance, article = Random(seed), written(seed)
        after, places = list(article.paragraphs), chance.sample(range(len(article.paragraphs)), 3)
        went = came = 0
        for at, kind in zip(places, chance.sample((character, inserted, deleted), 3), strict=True):
            edit = kind_in(kind, after[at], chance)
            after[at], went, came = edit.after.paragraphs[0], went + edit.went, came + edit.came
        (told,) = properties(article, replace(article, paragraphs=tuple(after)))
        found = segments_in(told)
        counts = [sum(len(each.text) for each in found if each.op == op) for op in ("delete", "insert")]
        assert (sum(change["places"] for change in told["changes"]), counts) == (3, [went, came]), seed


def kind_in(kind: Callable[[int, Random], Edit], text: str, chance: Random) -> Edit:
    article = Article(headline="", paragraphs=(text,))
    if kind is character:
        return spliced(article, "replaced", chance.choice(spots(HAN, text)), chance.choice(OTHERS))
    if kind is inserted:
        at = chance.choice(spots(f"(?<={HAN})(?={HAN})", text))[0]
        return spliced(article, "inserted", (at, at), chance.choice(PHRASES))
    return spliced(article, "deleted", chance.choice(spots(f"{HAN}{{2,12}}", text)), "")


def test_a_paragraph_that_moved_among_edited_ones_is_one_move() -> None:
    """Wherever it went, to either end too; each edit beside it marks the one character that it changed."""
    missed = [seed for seed in range(100) if not _moved_and_edited(seed)]
    print(f"\n100 moves among edits: {100 - len(missed)} told as such")
    assert len(missed) <= 5


def _moved_and_edited(seed: int) -> bool:
    chance, article = Random(seed), written(seed)
    after = list(article.paragraphs)
    start, to = chance.sample(range(len(after)), 2)
    edited = chance.sample([at for at in range(len(after)) if at != start], min(2, len(after) - 1))
    for at in edited:
        after[at] = kind_in(character, after[at], chance).after.paragraphs[0]
    after.insert(to, after.pop(start))
    (told,) = properties(article, replace(article, paragraphs=tuple(after)))
    marked = sum(len(each.text.strip()) for each in segments_in(told) if each.op != "equal" and each.move is None)
    kinds = {change["kind"]: change["places"] for change in told["changes"]}
    return (kinds, marked) == ({"moved": 1, "replaced": len(edited)}, 2 * len(edited))
