"""The messages of watches: nothing that a page says is markup, a header or a line of ours in them."""

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser
from support.hostile_strings import LINES, MARKUP, STEP, strings
from support.stranger import live
from support.watched import HOUR, article, hours_ago, plant

from archive import open_archive
from archive.files.clock import stamp
from archive.publish.notices.letter import Letter, letter_of
from archive.watches.definition import made
from archive.watches.filling import would_send
from archive.watches.outbox import DueMessage, single

SITE = "https://archive.example"
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
TAGS = {
    "-text",
    "-comment",
    "html",
    "head",
    "body",
    "div",
    "h2",
    "p",
    "strong",
    "span",
    "br",
    "a",
    "hr",
    "small",
    "code",
}
HOSTILE = [
    "<b>粗体</b><script>alert(1)</script>",
    "题目\r\nBcc: all@example.org\r\n\r\n正文",
    "反转\u202e字\u2066序\u200b列\ufeff",
    '=HYPERLINK("http://x.example")',
    '<!channel> @channel @all <at user_id="all">所有人</at> [看](http://x.example)',
    "-- \nSent by the watch other: nothing\nTo stop it: thinker watch remove other",
    "\x00\x1b[2J\x07\u2028行\u0085行",
    "{{7*7}} {0} %s &lt;i&gt;",
]


def letters(folder: Path, texts: Sequence[str], lang: str) -> list[Letter]:
    """The message of each event of articles that say these texts everywhere, new and edited."""
    watch = made("hostile", {"to": "env:HOOK", "lang": lang})
    with closing(open_archive(folder)) as archive:
        for step in (0, 1):
            said = {
                number: article(
                    number,
                    text or "x",
                    f"第{step}版 {text}",
                    text,
                    speaker=text,
                    keywords=(text,),
                    article_section=text,
                    in_language=text,
                )
                for number, text in enumerate(texts, 1)
            }
            plant(archive, hours_ago(9 - step), said)
        found = would_send(archive, watch.asked, stamp(hours_ago(9) - HOUR))
        made_of = [letter_of(archive.conn, watch, single("hostile", notice), SITE)[0] for notice in found]
    return [each for each in made_of if each is not None]


def faults(letter: Letter) -> list[str]:
    """Each thing in a message that only a page's text can have brought there."""
    found = [f"subject {letter.subject!r}"] if UNSEEN.search(letter.subject) or "\n" in letter.subject else []
    found += [f"text {line!r}" for line in letter.text.split("\n") if UNSEEN.search(line)]
    found += [line for line in letter.text.split("\n")[:-4] if line.startswith(("-- ", "Sent by", "To stop", "由关注"))]
    tree = LexborHTMLParser(letter.html)
    assert tree.root is not None
    found += [f"<{node.tag}>" for node in tree.root.traverse() if node.tag not in TAGS]
    found += [
        f"{node.tag} {dict(node.attributes)}"
        for node in tree.root.traverse()
        if set(node.attributes) - {"lang"} and not (node.attributes.get("href") or "").startswith(f"{SITE}/")
    ]
    return found + live(letter.html)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_of_a_page_acts_in_a_message(tmp_path: Path, lang: str) -> None:
    found = letters(tmp_path, HOSTILE, lang)
    assert len(found) == 2 * len(HOSTILE)
    assert [fault for each in found for fault in faults(each)] == []
    foot = found[0].text.split("\n")[-4:]
    assert [each.text.split("\n")[-4:] for each in found] == [foot] * len(found)


@pytest.mark.shared
@pytest.mark.slow
def test_no_text_of_an_attacker_acts_in_a_message(tmp_path: Path, shared: Path) -> None:
    texts = [*strings(shared, MARKUP, step=min(STEP, 16)), *strings(shared, LINES, step=1)]
    texts += [f"题目{unquote(text)}" for text in strings(shared, ("crlf-injection",), step=1)]
    found = letters(tmp_path, list(dict.fromkeys(texts)), "en")
    assert len(found) > 200
    assert [fault for each in found for fault in faults(each)] == []


def test_a_long_digest_shows_its_first_entries_and_counts_the_others(tmp_path: Path) -> None:
    watch = made("all", {"to": "env:HOOK", "lang": "en", "every": "daily"})
    with closing(open_archive(tmp_path)) as archive:
        plant(archive, hours_ago(9), {1: article(1, "谈城市")})
        (notice,) = would_send(archive, watch.asked, stamp(hours_ago(10)))
        gone = replace(notice, line="sha256:" + 64 * "0")
        message = DueMessage("0", "all", "daily", "", 0, (gone, *[notice] * 305, gone))
        letter, dropped = letter_of(archive.conn, watch, message, SITE)
    assert letter is not None
    assert (letter.subject, letter.payload["more"], len(letter.payload["events"])) == (
        "all: 306 entries of the day",
        6,
        300,
    )
    assert letter.text.count("New: 谈城市") == 300
    assert f"\n6 more entries: {SITE}/changes\n" in letter.text
    assert dropped == [gone]  # the last one was not looked at


def test_a_new_article_is_introduced(tmp_path: Path) -> None:
    watch = made("all", {"to": "env:HOOK", "lang": "en"})
    with closing(open_archive(tmp_path)) as archive:
        plant(
            archive,
            hours_ago(9),
            {1: article(1, "谈城市", "城市的第一段。", speaker="林知远", article_section="思想者")},
        )
        (notice,) = would_send(archive, watch.asked, stamp(hours_ago(10)))
        letter, dropped = letter_of(archive.conn, watch, single("all", notice), SITE)
        (digest,) = archive.conn.execute("select content_digest from articles").fetchone()
        (line, record) = archive.conn.execute(
            "select e.digest, c.record_id from events e, captures c where c.kind = 'article'"
        ).fetchone()
    assert letter is not None
    assert dropped == []
    title, at, opening, facts, evidence, version, url, *foot = letter.text.split("\n\n")
    assert (title, opening, facts) == ("New: 谈城市", "> 城市的第一段。", "> 林知远 · 思想者")
    assert at.endswith(" (Beijing time) · newsroom")
    assert evidence.startswith(f"Evidence: capture {record} of ")
    assert evidence.endswith(f", ledger line {line}")
    assert (version, url) == (f"Version digest: {digest}", f"{SITE}/a/newsroom-1/v/{digest[7:19]}")
    assert foot == [
        "-- \nSent by the watch all: every text · new, edited, removed, restored, moved\n"
        "To stop it: thinker watch pause all , or for good: thinker watch remove all\n"
    ]
