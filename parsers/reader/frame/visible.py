"""The visible text of a page outside its links and its frame, and its hidden elements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from parsers.document import Document, once
from parsers.reader.body.box.outline import stands_in
from parsers.reader.body.markup.blocks import read_blocks
from parsers.reader.body.markup.roles import HIDING_CLASSES, HIDING_STYLES, is_hidden
from parsers.reader.frame.messages import Message, message_in, message_of
from parsers.reader.headline.shown import title_headline
from parsers.reader.view.thresholds import (
    MAX_BESIDE_MESSAGE,
    MAX_HIDDEN,
    MAX_MESSAGE_CHARACTERS,
    MAX_MESSAGE_HEADING,
    MAX_MESSAGE_HEADINGS,
    MIN_KNOWN_HEADLINE,
)
from parsers.text import folded

FRAME = "nav, footer, aside, form, select, button, noscript, dialog"
HIDEABLE = ", ".join(
    [
        "[hidden]",
        *(f'[style*="{value}" i]' for value in HIDING_STYLES.values()),
        *(f'[class*="{name}" i]' for name in HIDING_CLASSES),
    ]
)
ANSWER_FIELDS = ("msg", "message", "errmsg", "error", "info")  # of JSON, with the reason of a refusal


@once
def hidden_elements(document: Document) -> frozenset[int]:
    """The mem_ids of the elements that are hidden by their own attributes; the elements inside them are not listed."""
    nodes = document.tree.css(HIDEABLE)[:MAX_HIDDEN]
    return frozenset(node.mem_id for node in nodes if node.tag != "body" and is_hidden(node.attributes))


@once
def shown_lines(document: Document) -> Sequence[str]:
    """The texts of the lines that a page shows, without hidden elements and lines of which half or more is link text.

    List items with a link, navigation, asides, footers and forms are left out too.
    """
    body = document.tree.body
    if body is None:
        return []
    items = [node for node in body.css("li") if node.css_first("a") is not None]  # with the teasers beside their links
    left_out = hidden_elements(document) | {node.mem_id for node in (*items, *body.css(FRAME))}
    blocks = read_blocks(body, left_out, asides=True)
    return [block.text for block in blocks if block.kind != "image" and 2 * block.linked < len(block.text)]


def page_message(document: Document, prose: int) -> Message | None:
    """The message that is the page's headline or its whole text; None for a page that says more.

    `prose`: the characters of sentences in the page's fullest box; from MAX_BESIDE_MESSAGE on, a page without a message
    in a headline gives None. An answer in JSON counts only if it takes the visitor for a robot.
    """
    if document.json is not None:
        return _refused(document.json)
    headlines = [title_headline(document) or "", *_headings(document)]
    if prose >= MAX_BESIDE_MESSAGE and not any(map(message_in, headlines)):
        return None
    lines = shown_lines(document) or _framed(document)
    return message_of(headlines, lines) if sum(map(len, lines)) <= MAX_MESSAGE_CHARACTERS else None


def shows_headline(document: Document, headlines: Iterable[str]) -> bool:
    """True if a page shows one of these headlines in `shown_lines` or an h1; a short one only as a whole line.

    False for an answer in JSON.
    """
    if document.json is not None:
        return False
    lines = [folded(line) for line in (*shown_lines(document), *_headings(document))]
    text = "".join(lines)
    wanted = filter(None, map(folded, headlines))
    return any(name in text if len(name) >= MIN_KNOWN_HEADLINE else name in lines for name in wanted)


def _framed(document: Document) -> list[str]:
    """The texts between the tags of the page's first <iframe> elements: some firewalls put their message there."""
    return [" ".join(node.text().split()) for node in document.tree.css("iframe")[:MAX_MESSAGE_HEADINGS]]


def _refused(answer: Any) -> Message | None:
    """The message in a JSON answer that takes the visitor for a robot; None for any other answer."""
    texts = [answer.get(name) for name in ANSWER_FIELDS] if isinstance(answer, dict) else []
    told = [message_of((), (text,)) for text in texts if isinstance(text, str)]
    return next((message for message in told if message and message.kind == "blocked"), None)


def _headings(document: Document) -> list[str]:
    hidden = hidden_elements(document)
    shown = [node for node in document.named["h1"][:MAX_MESSAGE_HEADINGS] if not stands_in(node, hidden)]
    return [" ".join(node.text().split())[:MAX_MESSAGE_HEADING] for node in shown]
