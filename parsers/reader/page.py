"""The base of all page classes: reads an article from the places that a class declares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers import people
from parsers.article import LISTS, NAMES, TIMES, Article, Media, RelatedLink
from parsers.dates import ParsedDate
from parsers.document import Document
from parsers.errors import Blocked, Gone, LayoutChanged, NotAnArticle, ParseError, Restricted
from parsers.reader.body.box.container import Box, container
from parsers.reader.body.box.standfirst import with_standfirst
from parsers.reader.body.lines.article_body import agreed
from parsers.reader.body.lines.attachments import attachments, names_of
from parsers.reader.body.lines.body_text import Body
from parsers.reader.body.lines.sorting import PageFacts, read_body
from parsers.reader.body.lines.tail import read_tail
from parsers.reader.body.markup.blocks import Block
from parsers.reader.body.markup.pictures import distinct
from parsers.reader.body.markup.rows import read_lines
from parsers.reader.body.markup.teasers import teasers
from parsers.reader.byline.unlabelled import names_at_the_edges
from parsers.reader.declaration import Declaration, first_missing, unmatched
from parsers.reader.frame.messages import Kind, Message
from parsers.reader.frame.related import related_links
from parsers.reader.frame.visible import hidden_elements, page_message
from parsers.reader.published.address import on_clock_of_address
from parsers.reader.published.comments import without_comments
from parsers.reader.published.dateline import datelines, head_lines, surroundings, tail_lines
from parsers.reader.published.lone_dates import lone_dates
from parsers.reader.published.thresholds import MAX_DATELINE
from parsers.reader.view import normalisers
from parsers.reader.view.candidates import Candidate
from parsers.reader.view.datelines import Dateline, Surroundings
from parsers.reader.view.epaper import is_printed
from parsers.reader.view.provenance import Decided, decided_by, plain, plain_all
from parsers.reader.view.structured import linked_article
from parsers.reader.view.thresholds import LANGUAGE_CHARACTERS, LANGUAGE_PARAGRAPHS, MAX_BESIDE_MESSAGE
from parsers.titles import TitleParts

VERDICTS: dict[Kind, tuple[type[ParseError], str]] = {
    "blocked": (Blocked, "a check of the visitor stands in the article's place"),
    "restricted": (Restricted, "the page asks for a login"),
    "gone": (Gone, "the page says that it is gone"),
}


# Rules of properties without a declared place.
RULES = {
    "paragraphs": "lines of prose in the body's box",
    "headings": "headings, bold or numbered lines in the body's box",
    "heading_positions": "where the headings stand between the paragraphs",
    "related": "links of the box that is named or headed as related items",
    "links": "links inside the paragraphs and headings",
    "media": "pictures in the body's box, figures round it, or the publisher's list; files in it or announced",
    "incomplete": "more tags, elements or lines than are read: the rest of the page was left out",
    "metadata": "block of 索引号, 发文机关, 成文日期 and the like, else number and signature in the text",
}
BY_RULES_OF_THEIR_OWN = frozenset(
    (*RULES, "headline", "alternative_headline", "kicker", "article_section", "speaker", "standfirst", "authors",
     "editors", "source_line", "keywords", "date_published", "canonical_url")
)  # fmt: skip
AS_DECLARED = tuple(name for name in NAMES if name not in BY_RULES_OF_THEIR_OWN)


class ArticlePage(Declaration):
    """A page read by the layout that its class declares; properties are computed once and kept, methods each time."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: dict[Candidate, tuple[str, ...]] = {}  # texts that each candidate gave, of those asked
        self.decided: dict[str, Decided | None] = {}  # the decision behind each property, once the article is read

    def article(self) -> Article:
        """Read the article; raises NotAnArticle, Gone, Restricted, Blocked, LayoutChanged or ParseError."""
        self.refuse_message("blocked")
        self.check()
        self.check_layout()
        values, moments = self._values(), self._moments_declared()
        dated = on_clock_of_address(self._moment("date_published"), self.document.url, self.zone)
        text = self.text()
        related, media, table = self.related(), self.media(), self.metadata()
        self.decided = {
            **{name: decided_by(value) for name, value in values.items()},
            "headline": decided_by(self.headline_text),
            "date_published": decided_by(dated.raw if dated else None),
            **{name: decided_by(moment.raw if moment else None) for name, moment in moments.items()},
            **self._computed(
                {**text, "related": related, "media": media, "metadata": table, "incomplete": self.is_cut}, dated
            ),
        }
        return Article(
            headline=str(self.title.headline),
            **_plain(values),
            date_published=dated.value if dated else None,
            date_published_raw=str(dated.raw) if dated else None,
            date_precision=dated.precision if dated else None,
            zone_assumed=dated.zone_assumed if dated else None,
            **_plain_moments(moments),
            **text,
            related=related,
            media=media,
            metadata=table,
            incomplete=self.is_cut or None,
        )

    def _values(self) -> dict[str, Any]:
        """The properties that are texts or lists of texts, by name, without headline and the text itself.

        A text whose place is known is a `Text`, which keeps it.
        """
        title = self.title
        speaker = normalisers.line(self.speaker.of(self)) or title.speaker
        in_headline = speaker is not None and speaker in (title.headline or "")  # 易宪容：… signs it, too
        biography, notice = read_tail(self.tail, self.lines)
        return self._texts_declared() | {
            "alternative_headline": normalisers.line(self.alternative_headline.of(self)) or title.alternative_headline,
            "kicker": normalisers.line(self.kicker.of(self)) or title.kicker,
            "article_section": title.article_section or normalisers.line(self.article_section.of(self)),
            "speaker": speaker,
            "standfirst": normalisers.summary(self.standfirst.of(self)),
            "authors": normalisers.names(
                self.authors.of(self), without=None if in_headline else speaker, japanese=self.in_language == "ja"
            ),
            "editors": normalisers.names(self.editors.of(self), japanese=self.in_language == "ja"),
            "source_line": normalisers.source(self.source_line.of(self)),
            "keywords": self.tags(title),
            "in_language": self.in_language,
            "canonical_url": normalisers.address(self.canonical_url.of(self), self.document.url),
            "biography": biography,
            "reprint_notice": notice,
        }

    def _texts_declared(self) -> dict[str, Any]:
        """The texts of declared properties that `_values` has no rule for, such as {"identity": "123"}; no moments.

        None stands for a property without text, () for a list without names. Properties that no class declares are
        missing.
        """
        places = {name: getattr(type(self), name, None) for name in AS_DECLARED if name not in TIMES}
        return {
            name: normalisers.names(place.of(self)) if name in LISTS else normalisers.line(place.of(self))
            for name, place in places.items()
            if isinstance(place, Candidate)
        }

    def _moments_declared(self) -> dict[str, ParsedDate | None]:
        """The declared moments but date_published, such as {"date_modified": …}; None if the page has no such date."""
        names = [name for name in AS_DECLARED if name in TIMES]
        return {name: self._moment(name) for name in names if isinstance(getattr(type(self), name, None), Candidate)}

    def _moment(self, name: str) -> ParsedDate | None:
        texts = getattr(self, name).of(self)
        return normalisers.normalise_published(texts, self.document.captured_at, self.zone)

    def _computed(self, values: Mapping[str, Any], dated: ParsedDate | None) -> dict[str, Decided | None]:
        """The decisions on those of `values` that are not empty, by name: {"paragraphs": Decided(RULES["paragraphs"])}.

        `values` are the properties with a rule in RULES. With `dated`, date_published_raw, date_precision and
        zone_assumed are added. Every value is a decision.
        """
        zone = f"{self.zone} by {'the page class' if self.timezone else 'host or language'}"
        told = {
            "date_published_raw": "the text that date_published was read from",
            "date_precision": "how much of a moment that text names",
            "zone_assumed": f"whether the text names a zone; where none is named, {zone}",
        }
        rules = {**(told if dated else {}), **{name: RULES[name] for name, value in values.items() if value}}
        return {name: Decided(rule) for name, rule in rules.items()}

    def text(self) -> dict[str, Any]:
        """The article's paragraphs, headings, heading_positions and links, by these names."""
        return self.lines.text()

    def check(self) -> None:
        """Raise NotAnArticle if the page has no headline; a subclass may check more."""
        if not self.headline_text:
            raise NotAnArticle(f"no headline; {len(self.document.tree.css('a'))} links")

    def refuse_message(self, *kinds: Kind) -> None:
        """Raise Blocked, Restricted or Gone if the page's headline or whole text is a message of one of these kinds.

        Without any kind nothing is raised.
        """
        if self.message is not None and self.message.kind in kinds:
            verdict, reason = VERDICTS[self.message.kind]
            raise verdict(reason, self.message.words)

    @cached_property
    def message(self) -> Message | None:
        """The message that is the page's headline or its whole text; None for any other page."""
        return page_message(self.document, self.lines.prose_up_to(MAX_BESIDE_MESSAGE))

    def check_layout(self) -> None:
        """Raise one LayoutChanged that names all `required` properties none of whose selectors finds text, if any."""
        self.refuse_layout(*self.required)

    def refuse_layout(self, *names: str) -> None:
        """Raise one LayoutChanged that names all of these properties none of whose selectors finds text, if any."""
        if missed := [missing for name in names if (missing := unmatched(self, name, getattr(self, name)))]:
            raise LayoutChanged(f"{type(self).__name__}: the layout has changed: {'; '.join(missed)}")

    def missing_places(self) -> tuple[str, ...]:
        """A message for each expected property whose first selector finds no text: the declaration is out of date.

        Such a property is read from its other places.
        """
        return tuple([missed for name in self.expected if (missed := first_missing(self, name, getattr(self, name)))])

    @cached_property
    def headline_text(self) -> str | None:
        """The headline on one line, before column or speaker are split off; None without one."""
        return normalisers.line(self.headline.of(self))

    @cached_property
    def title(self) -> TitleParts:
        return normalisers.title(self.headline_text or "", self.document.source, tagged=self.tagged_titles)

    @cached_property
    def linked_article(self) -> Mapping[str, Any]:
        """The JSON-LD object of the page's article; {} without one."""
        return linked_article(self.document)

    @cached_property
    def body_tree(self) -> LexborHTMLParser:
        """The tree that holds the body: the page's own, or that of a fragment of HTML in JSON."""
        return self.document.tree

    @property
    def is_cut(self) -> bool:
        """True if the markup that holds the body has so many tags that only its beginning was read."""
        return self.document.is_cut

    @cached_property
    def place(self) -> Box | None:
        """The box of the body; None without one."""
        document = self.document
        if self.body_tree is not document.tree:
            return container(self.body_tree, self.body, self.headline_text)
        return container(
            document.tree,
            self.body,
            self.headline_text,
            document.visible_text,
            document.named,
            hidden_elements(document),
        )

    @cached_property
    def box(self) -> LexborNode | None:
        """The element that holds the body; None without one."""
        return self.place.node if self.place is not None else None

    @cached_property
    def shown(self) -> tuple[Block, ...]:
        """The lines inside the body's box, without hidden elements, `left_out` and elements that hold other texts.

        Those are the `strangers` of the Box, such as teasers. () without a box.
        """
        if self.place is None:
            return ()
        box = self.place.node
        left_out = self.place.strangers | hidden_elements(self.document) | teasers(box, self.document.host)
        if self.left_out:
            left_out |= {node.mem_id for node in box.css(self.left_out)}
        return read_lines(box, left_out, self.place.parts)

    @cached_property
    def agreed(self) -> tuple[Block, ...]:
        """The lines of the box without those that JSON-LD's articleBody lacks; headings, bold lines, summaries stay.

        All lines if there is no usable articleBody; the lines of articleBody itself if the page shows nearly no text.
        """
        return agreed(self.shown, self.linked_article.get("articleBody"), self.summaries)

    @property
    def disagreeing(self) -> tuple[Block, ...]:
        """The lines of the box that `agreed` lacks, because articleBody does."""
        kept = set(map(id, self.agreed))
        return tuple([block for block in self.shown if id(block) not in kept])

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The article's lines before they are sorted: those of a standfirst above the box, then those of `agreed`."""
        title = self.place.title if self.place is not None else None
        return with_standfirst(self.agreed, title, self.box, self.headline_text)

    @cached_property
    def summaries(self) -> tuple[str, ...]:
        """The texts of meta description, og:description, twitter:description and of JSON-LD's description, if given.

        Equal texts are repeated.
        """
        given = [self.document.meta.get(name) for name in ("description", "og:description", "twitter:description")]
        described = (*given, self.linked_article.get("description"))
        return tuple([text for text in described if isinstance(text, str)])

    @cached_property
    def lines(self) -> Body:
        """The article's lines, sorted into paragraphs, headings, media and the rest."""
        known = PageFacts(
            opened=self.document.further,
            attached=names_of(self.attachments),
            notes=self.notes,
            printed=is_printed(self.document),
        )
        return read_body(self.blocks, self.headline_text, self.document.base, known)

    @cached_property
    def attachments(self) -> tuple[Media, ...]:
        """The files that the page attaches to the article."""
        return attachments(self.document.url, self.body_tree, self.box, hidden_elements(self.document))

    @cached_property
    def where(self) -> Surroundings:
        """The page's visible text with the offsets of headline and body in it."""
        first, last = self.lines.edges or (None, None)
        return surroundings(self.document.visible_text, self.headline_text, first, last)

    @cached_property
    def datelines(self) -> tuple[Dateline, ...]:
        """The dates in short lines, the likeliest to be the article's first; those in readers' comments are left out.

        Such a line stands outside the body or is the body's first line. Soon after that first line, lines that hold
        little but a date count too.
        """
        found = datelines(self.where, lone_dates(self.where, day_first=self.zone.startswith("Europe/")))
        return without_comments(self.document, self.where, found)

    @cached_property
    def head(self) -> tuple[str, ...]:
        """The short lines between the headline and the body, then those right before the headline, and the headline."""
        return tuple(head_lines(self.where))

    @cached_property
    def byline(self) -> tuple[str, ...]:
        """The lines that may name people or a source.

        In this order: those of `head`; lines such as 责任编辑：… in the box (`lines.machinery`); credits in the first
        and last paragraphs; short ones of `tail`. A line found in two of these is there twice.
        """
        tail = [line for line in self.tail if len(line) <= MAX_DATELINE]
        edges = names_at_the_edges(self.lines.paragraphs)
        return (*self.head, *self.lines.machinery, *edges, *tail)

    @cached_property
    def credits(self) -> tuple[str, ...]:
        """The lines of `byline` for which `is_credit` holds: with a label of bylines, also 时间：, or a signature."""
        return tuple([line for line in self.byline if people.is_credit(line)])

    @cached_property
    def tail(self) -> tuple[str, ...]:
        """The first ten lines below the body; of about twenty more only those that open with a label (责任编辑：…)."""
        return tuple(tail_lines(self.where))

    @cached_property
    def in_language(self) -> str | None:
        text = "".join([self.headline_text or "", *self.lines.paragraphs[:LANGUAGE_PARAGRAPHS]])[:LANGUAGE_CHARACTERS]
        return normalisers.language(text, self.document.declared_language)

    @cached_property
    def zone(self) -> str:
        """The IANA zone in which times without a zone are read: the page class's, else that of host or language."""
        return self.timezone or normalisers.zone_of(self.document.host, self.in_language)

    def tags(self, title: TitleParts) -> tuple[str, ...]:
        """The title's tag line, else the page's keywords."""
        return title.keywords or normalisers.keywords(self.keywords.of(self))

    def related(self) -> tuple[RelatedLink, ...]:
        return related_links(self.document, self.in_language)

    def media(self) -> tuple[Media, ...]:
        return distinct((*self.lines.media, *self.attachments))

    @cached_property
    def table(self) -> tuple[tuple[str, str], ...]:
        """The label and value pairs of a document's own block; () here, as only some subclasses look for one."""
        return ()

    def metadata(self) -> tuple[tuple[str, str], ...]:
        return ()


def _plain_moments(moments: Mapping[str, ParsedDate | None]) -> dict[str, Any]:
    return {name: moment.value if moment else None for name, moment in moments.items()}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by name, with ordinary strings in place of each `Text`, also of those inside tuples."""
    return {name: plain_all(value) if isinstance(value, tuple) else plain(value) for name, value in values.items()}
