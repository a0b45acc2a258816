"""The body of an article, separated from the other lines in its box."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from parsers.article import Media, TextLink
from parsers.links import absolute
from parsers.people import is_said_between, is_talk
from parsers.reader.body.documents.labels import document_rows
from parsers.reader.body.lines.attachments import is_attachment_label, is_attachment_line
from parsers.reader.body.lines.body_text import Body, Draft
from parsers.reader.body.lines.captions import captioned
from parsers.reader.body.lines.endings import Endings, counts, opens_ending, without_counter
from parsers.reader.body.lines.notes import is_dateline, is_foot, is_machinery, is_note, is_registered
from parsers.reader.body.lines.promotions import promotions
from parsers.reader.body.markup.blocks import PICTURED, Block
from parsers.reader.body.markup.numbers import marked
from parsers.reader.body.thresholds import (
    MAX_FOOT,
    MAX_HAN_HEADING_CHARACTERS,
    MAX_HEADING_CHARACTERS,
    MAX_LINKS,
    MAX_MACHINERY_CHARACTERS,
    MAX_NOTICE_CHARACTERS,
    MAX_TITLE_LINES,
    MAX_WAY_BACK,
    MIN_TICKS,
)
from parsers.reader.published.dateline import DATE
from parsers.reader.view.provenance import Rule, text_from
from parsers.text import (
    CLOSING,
    ELLIPSIS,
    OTHER_SCRIPTS,
    PAUSES,
    SENTENCE_ENDS,
    STOPS,
    after_label,
    author_post,
    folded,
    holds_han,
    opens_biography,
    reprint_notice,
    without_summary_label,
)

BEHIND_END = rf"\s.；{STOPS}{ELLIPSIS}{CLOSING}"
WAY_BACK = re.compile(  # glued to the last line, behind its end; 请看报告全文 is a sentence
    rf"(?:(?<=[{BEHIND_END}])返回(?:搜狐|腾讯网首页|首页|列表)[，,]?(?:查看更多)?"
    rf"|[【\[](?:详细|全文)[】\]]|(?<=[{BEHIND_END}])(?:详细|全文)(?=\s*[>》]))[>》\s]*$"
)
NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章节部])")
TITLE_TAGS = ("h2", "h3", "h4")
NOT_AT_HEADING = (*SENTENCE_ENDS, *PAUSES, *OTHER_SCRIPTS, "、", "．")  # no heading of other languages ends so
WORD = re.compile(r"\w")
NUMBER = re.compile(r"\d+")
SITE_BEHIND = re.compile(
    r"\s?[-_|｜–·]\s?(?:[^-_|｜—–·]{1,19}(?:[报報网網社台臺刊]|新[闻聞]|客户端|News|Daily|Times|Post)|[图圖]?\s?\d{1,2})$"
)
IN_BOX = Rule("biography in the body's box")
POST = Rule("line that says what the author is")
NOTICE_IN_BOX = Rule("line of the body's box that says who may reprint")
CUT = "prose, without the way back at its end"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Facts about a page besides the lines of its box.

    If its text began on an earlier page, if it is a page of a newspaper, the names of its attachments, and a pattern of
    notes in its layout.
    """

    opened: bool = False
    """The text began on an earlier page."""
    attached: Sequence[str] = ()
    """Names of attachments, which are not prose."""
    notes: re.Pattern[str] | None = None
    """Further short lines that are machinery in this layout."""
    printed: bool = False
    """The page is one of a newspaper, which has several titles."""


NOTHING_KNOWN = PageFacts()


def read_body(blocks: Sequence[Block], headline: str | None, url: str, page: PageFacts = NOTHING_KNOWN) -> Body:
    """The body made of the lines of a box: each is sorted as prose, heading, picture, machinery or another kind.

    Lines that are left out (the headline again, counters, nothing but links, attachments, all after the end of the
    text) stand only in its `fates`. `url` is the base of relative addresses.
    """
    title = _Title(headline or "")
    lines = _Lines(title, url, page)
    opening, blocks = _parted_at_title(blocks, title, printed=page.printed)
    blocks = captioned(blocks)
    lines.ticks = _ticks(blocks)
    lines.spoken = _spoken(blocks)
    lines.table = document_rows([block.text if block.tag == "tr" else "" for block in blocks])
    lines.draft.fates += [(block, "the headline again") for block in opening]
    endings, foot = Endings(blocks, lines.draft.paragraphs), _foot(blocks)
    promoted = promotions([block.text for block in blocks if block.kind == "text"][:MAX_TITLE_LINES])
    for place, block in enumerate(blocks):
        if block.text in promoted and not lines.paragraphs:
            lines.told(block, "promotion above the dateline")
            continue
        if place == foot and lines.paragraphs:
            lines.draft.fates += [(rest, "the page's legal foot") for rest in blocks[place:]]
            break
        if opens_ending(block.text):
            if endings.is_at(place):
                lines.draft.ending = block.text
                lines.draft.fates += [(rest, "behind the end") for rest in blocks[place:]]
                break
            if not endings.is_text(place):
                lines.told(block, "opens what follows an article")
                continue
        if counts(block, lines.paragraphs, endings, place):
            lines.told(block, "counter")
            continue
        lines.add(without_counter(block, endings, place))
    return _trimmed(lines.draft)


def _foot(blocks: Sequence[Block]) -> int | None:
    """The index of the first line of the page's legal foot; None without a registration number among the last lines."""
    size, foot, registered = 0, None, False
    for place in range(len(blocks) - 1, -1, -1):
        block = blocks[place]
        if is_foot(block.text):
            foot, registered = place, registered or is_registered(block.text)
        elif foot is not None and not (block.kind == "image" or block.all_linked):
            break
        size += len(block.text) - block.linked
        if size > MAX_FOOT:
            break
    return foot if registered else None


def _ticks(blocks: Sequence[Block]) -> frozenset[str]:
    """The forms of dates with which at least MIN_TICKS lines open, as in a ticker: 0-0-0."""
    forms = Counter(form for block in blocks if (form := _form(block.text)) is not None)
    return frozenset([form for form, times in forms.items() if times >= MIN_TICKS])


def _form(text: str) -> str | None:
    """The date that opens a line, with 0 for each of its numbers; None without one."""
    found = DATE.match(text)
    return NUMBER.sub("0", found[0]) if found is not None else None


def _spoken(blocks: Sequence[Block]) -> frozenset[str]:
    """The lines that open with 来源： between lines of speech."""
    texts = [block.text for block in blocks if block.kind == "text"]
    triples = zip(texts, texts[1:], texts[2:], strict=False)
    return frozenset([line for before, line, after in triples if is_said_between(before, line, after)])


class _Lines:
    """Takes the lines of a box in order and files each under its kind."""

    def __init__(self, title: _Title, url: str, page: PageFacts) -> None:
        self.draft, self.notes = Draft(), page.notes
        self.opened, self.attached = page.opened, page.attached
        self.table: frozenset[str] = frozenset()
        self.spoken: frozenset[str] = frozenset()  # lines of an interview that look like credits
        self.ticks: frozenset[str] = frozenset()  # forms of dates with which several lines open
        self.pictured = False  # a line under a picture was read: the text has begun there
        self.paragraphs = self.draft.paragraphs
        self.title, self.url = title, url
        self.in_biography = False

    def told(self, block: Block, fate: str) -> None:
        """Record the kind of a line, `fate`, in the draft."""
        self.draft.fates.append((block, fate))

    def add(self, block: Block) -> None:
        text, draft = block.text, self.draft
        if block.kind == "image":
            self._picture(block)
            self.told(block, "image")
        elif block.kind == "caption":
            self.pictured = self.pictured or block.tag != "figcaption"
            self.told(block, "caption")
        elif block.tag == "tr":
            self._row(block)
        elif block.kind == "standfirst":
            self._summary(block)
            self.told(block, "standfirst")
        elif not self.in_biography and opens_biography(text):
            self.in_biography = True
            told = after_label(text)
            draft.biography = text_from(IN_BOX, told, text) if told else None
            self.told(block, "biography")
        elif self.in_biography and draft.biography is None and block.kind == "text":
            draft.biography = text_from(IN_BOX, text)
            self.told(block, "biography")
        else:
            self._line(block, _without_way_back(text))

    def _summary(self, block: Block) -> None:
        """Add a line of the standfirst without its label, unless it is only a label; its links go to `leading`."""
        if text := without_summary_label(block.text):
            place = len(self.draft.standfirst)
            self.draft.leading += [TextLink(place, words, leads) for words, leads in self._leads(block, text)]
            self.draft.standfirst.append(text)

    def _row(self, block: Block) -> None:
        """Add a row of a table as one paragraph, its cells joined by tabs as in its text.

        A row of the document's table above the first paragraph is left out; if all cells are machinery, each is added
        to the body's `machinery` instead.
        """
        if block.text in self.table and not self.paragraphs:
            self.told(block, "row of the document's table")
            return
        cells = [cell for cell in block.text.split("\t") if cell]
        if all(map(self._is_machinery, cells)):
            self.draft.machinery += cells
            self.told(block, "machinery")
            return
        self.told(block, "table row")
        self._links(block, block.text)
        self.draft.paragraph(block.text)

    def _line(self, block: Block, text: str) -> None:
        if not (text[:1].isalnum() or WORD.search(text)) or (len(text) < self.title.longest and self.title.is_in(text)):
            self.told(block, "the headline again" if WORD.search(text) else "no letters")
            return
        if len(text) <= MAX_NOTICE_CHARACTERS and (beside := self._beside(text, block)):
            self.told(block, beside)
            return
        if self.attached and (is_attachment_label(text) or (block.linked and is_attachment_line(text, self.attached))):
            self.told(block, "attachment")
            return
        if block.linked and block.all_linked and not _ends_sentence(block.text):
            self.told(block, "nothing but links")
            return
        if _is_heading(block, opened=self.opened or self.pictured or bool(self.paragraphs)):
            self.told(block, "heading")
            self._links(block, block.text, len(self.draft.headings))
            self.draft.heading(marked(block.marker, block.text))
        else:
            self.told(block, "prose" if text == block.text else CUT)
            self._links(block, text)
            self.draft.paragraph(text, block.marker)

    def _beside(self, text: str, block: Block) -> str | None:
        """Keep a line that is not prose and return its kind: biography, machinery or reprint notice; None for prose."""
        draft = self.draft
        if self.paragraphs and author_post(text):
            draft.biography = draft.biography or text_from(POST, text)
            draft.machinery.append(text)
            return "biography"
        if self._is_machinery(text):
            draft.machinery.append(block.text)
            return "machinery"
        if self.paragraphs and reprint_notice(text):
            draft.reprint_notice = draft.reprint_notice or text_from(NOTICE_IN_BOX, block.text)
            return "reprint notice"
        return None

    def _is_machinery(self, text: str) -> bool:
        """True for a note or another line of the page's machinery, or for a date above the text."""
        if is_note(text):
            return True
        if text in self.spoken:
            return False
        if len(text) >= MAX_MACHINERY_CHARACTERS:
            return False
        if self.notes is not None and self.notes.match(text):
            return True
        form = _form(text) if not self.paragraphs else None
        alone = form is not None and form not in self.ticks and not text.endswith("。")
        return alone or (form is not None and is_dateline(text)) or is_machinery(text)

    def _links(self, block: Block, line: str, heading: int | None = None) -> None:
        """Add the links of a line before the line itself is added.

        They belong to the next paragraph, or to the heading with the index `heading`.
        """
        found = [TextLink(len(self.paragraphs), words, address) for words, address in self._leads(block, line)]
        self.draft.links += [(link, heading) for link in found]

    def _leads(self, block: Block, line: str) -> list[tuple[str, str]]:
        """The words and the absolute address of each link whose address is safe and whose words are in the line.

        The text keeps at most MAX_LINKS in all.
        """
        left = MAX_LINKS - len(self.draft.links) - len(self.draft.leading)
        shown = ((words, absolute(self.url, leads)) for words, leads in block.links if words in line)
        return list(islice(((words, address) for words, address in shown if address), max(0, left)))

    def _picture(self, block: Block) -> None:
        if address := absolute(self.url, block.url):
            caption = None if self.title.is_named(block.text) else block.text or None  # systems write it there
            self.draft.media.append(Media(address, "image", caption))


class _Title:
    """The headline in folded form; is_in() is True for a line that is the same when folded."""

    def __init__(self, headline: str) -> None:
        self.folded = folded(headline) if headline else ""
        self.longest = 2 * len(headline) + 8 if headline else 0

    def is_in(self, line: str) -> bool:
        return folded(line) == self.folded

    def is_named(self, line: str) -> bool:
        """True if a line is the headline, alone or with a dash or a bar and a name behind it: headline_某某网."""
        return self.is_in(line) or self.is_in(SITE_BEHIND.sub("", line))


def _without_way_back(text: str) -> str:
    found = WAY_BACK.search(text[-MAX_WAY_BACK:])
    return text[:-MAX_WAY_BACK] + text[-MAX_WAY_BACK:][: found.start()].rstrip() if found else text


def _ends_sentence(text: str) -> bool:
    return text.rstrip(CLOSING).endswith(NOT_AT_HEADING)


def _is_heading(block: Block, *, opened: bool) -> bool:
    """True if a line is a heading: by its tag, or, after the text has `opened`, by bold type or a number 一、.

    A Chinese line with a heading's tag always is one, unless it is a line of an interview. Any other must be short and
    must not end like a sentence: it may be an interviewer's question, or a summary in large type.
    """
    told = (block.kind == "heading" or (block.strong and block.all_strong)) and not is_talk(block.text)
    if not told and not NUMBERED.match(block.text):
        return False
    han = holds_han(block.text)
    longest = MAX_HAN_HEADING_CHARACTERS if han else MAX_HEADING_CHARACTERS
    if block.kind == "heading":
        return han or (len(block.text) <= longest and not _ends_sentence(block.text))
    return opened and 2 <= len(block.text) <= longest and not _ends_sentence(block.text)


def _parted_at_title(
    blocks: Sequence[Block], title: _Title, *, printed: bool
) -> tuple[Sequence[Block], Sequence[Block]]:
    """The lines up to the title, with it, and those after it, if it is among the first lines, whole or in several.

    Else no lines, and all lines. In a newspaper the h2 to h4 right after it are titles too: 副题, and the authors.
    """
    wanted, longest, joined = title.folded, title.longest, ""
    for place, block in enumerate(blocks[:MAX_TITLE_LINES] if wanted else ()):
        text = block.text
        if block.kind == "text" and len(text) > max(longest, MAX_MACHINERY_CHARACTERS) and not block.all_linked:
            break  # the text has begun
        text = "" if block.kind in PICTURED or len(text) > longest else folded(text)
        joined = joined + text if wanted.startswith(joined + text) else text
        if joined == wanted:
            end = place + 1
            while printed and end < len(blocks) and blocks[end].tag in TITLE_TAGS:
                end += 1
            return blocks[:end], blocks[end:]
    return (), blocks


def _trimmed(draft: Draft) -> Body:
    """The finished body, without the headings at its end that no paragraph follows; their fate says so."""
    idle = draft.idle_headings()
    last = {marked(block.marker, block.text): place for place, (block, _) in enumerate(draft.fates)} if idle else {}
    for heading in idle:
        draft.fates[last[heading]] = (draft.fates[last[heading]][0], "a heading with nothing behind it")
    return draft.done()
