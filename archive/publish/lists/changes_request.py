"""Parses the address and the parameters of /changes and of `…/changes` of a place, a query or phrases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple, get_args
from urllib.parse import unquote

from datasette.utils.asgi import Request

from archive.decisions import EVENT_KINDS
from archive.diffing import Significance
from archive.publish.database.reading import number_asked
from archive.publish.formatting import addresses
from archive.publish.lists import events
from archive.publish.lists.event_articles import ArticleFilter
from archive.publish.lists.event_words import WordFilter
from archive.publish.lists.events import EventFilter, asked, one_of, several
from archive.publish.messages.refusals import invalid_request
from archive.search import phrase_of, why_not

_FIELDS = {"column": "columns", "tag": "tags", "person": "people", "speaker": "speakers"}  # by parameter
NAMES = (*events.NAMES, "min_size", "all")  # of parameters
REPEATED = (*events.REPEATED, *_FIELDS, "q", "phrase", "significance")
MAX_QUERY_CHARACTERS = 500  # longer ones get a 400
USUAL = tuple(kind for kind in EVENT_KINDS if kind != "new")
EDITS = ("edited",)


class Subject(NamedTuple):
    """The subject of a list of events, from its address: a place (kind and name), `search`, or `phrase`.

    The last two have no name: their words are in `?q=`.
    """

    kind: str
    name: str = ""

    @property
    def path(self) -> str:
        """The path of the page of the subject itself, such as `/column/思想者`, percent-encoded."""
        return addresses.named(self.kind, self.name) if self.name else f"/{self.kind}"


class ChangesRequest(NamedTuple):
    """A list of events that is asked for. subject: None for /changes.

    `usual` are the kinds of events if the request names none, with new articles if `every`; `plain` is the filter of
    the address alone.
    """

    subject: Subject | None
    chosen: EventFilter
    usual: tuple[str, ...]
    every: bool
    plain: EventFilter

    @classmethod
    def of(cls, request: Request) -> ChangesRequest:
        """Parse a request. Raises BadRequest for invalid values.

        Besides the parameters of `events.asked` it reads `column`, `tag`, `person`, `speaker`, `q`, `phrase` and
        `significance`, several each, `min_size`, and `all`: 1 with new articles and 0 without, which is the default
        for /changes alone. With `significance` or `min_size` the usual kind is `edited`.
        """
        kind = request.url_vars.get("kind")
        subject = Subject(kind, unquote(request.url_vars.get("name") or "")) if kind else None
        given = one_of(request, "all", ("0", "1"))
        every = "1" in given if given else subject is not None
        significance = one_of(request, "significance", get_args(Significance))
        min_size = number_asked(request, "min_size") or 0
        usual = EDITS if significance or min_size else EVENT_KINDS if every else USUAL
        chosen = _narrowed(request, subject, asked(request, EVENT_KINDS, usual))
        plain = _of_subject(subject, EventFilter(EVENT_KINDS if subject else USUAL))
        return cls(subject, replace(chosen, significance=significance, min_size=min_size), usual, every, plain)

    @property
    def is_empty(self) -> bool:
        """True if no event can be listed.

        Either the address needs words and the request has none, or it asks only for edits of form, which make no event.
        """
        wordless = self.subject in (Subject("search"), Subject("phrase")) and not self.chosen.words
        return wordless or (self.chosen.significance == ("cosmetic",) and "reparsed" not in self.chosen.kinds)

    @property
    def is_filtered(self) -> bool:
        """True if the request asks for less or more than its address alone; its words belong to the address."""
        of_words = self.subject and not self.subject.name
        plain = replace(self.plain, words=self.chosen.words if of_words else self.plain.words)
        return replace(self.chosen, before="") != plain

    @property
    def about(self) -> str | None:
        """The words and names of the list in one line, such as `思想者 · 养老`; None without any."""
        of, words = self.chosen.articles, self.chosen.words
        named = (of.columns, of.tags, of.people, of.speakers, words.queries, words.phrases)
        place = self.subject.name if self.subject and self.subject.kind not in ("column", "tag", "person") else ""
        return " · ".join(filter(None, [place, *(each for names in named for each in names)])) or None

    def told(self) -> dict[str, Any]:
        """The filters that `events.offered` does not tell, for the page's data; a list for each of several values."""
        of, words = self.chosen.articles, self.chosen.words
        return {
            "column": list(of.columns), "tag": list(of.tags), "person": list(of.people), "speaker": list(of.speakers),
            "q": list(words.queries), "phrase": list(words.phrases),
            "significance": list(self.chosen.significance), "min_size": self.chosen.min_size,
        }  # fmt: skip


def _of_subject(subject: Subject | None, chosen: EventFilter) -> EventFilter:
    if subject is None or not subject.name:
        return chosen
    if subject.kind == "source":
        return replace(chosen, sources=(subject.name,))
    of_time = subject.kind in addresses.LENGTHS.values()
    named = {_FIELDS[subject.kind]: (subject.name,)} if not of_time else {"published": subject.name}
    return replace(chosen, articles=replace(chosen.articles, **named))


def _narrowed(request: Request, subject: Subject | None, chosen: EventFilter) -> EventFilter:
    of: dict[str, Any] = {field: several(request, name) for name, field in _FIELDS.items()}
    queries = [("q", text) for text in several(request, "q")]
    phrases = [("phrase", text) for text in several(request, "phrase")]
    if subject == Subject("phrase"):
        queries, phrases = [], queries + phrases
    words = WordFilter(tuple(_query(text) for _, text in queries), tuple(_phrase(*each) for each in phrases))
    given = replace(chosen, articles=ArticleFilter(**of), words=words)
    return _of_subject(subject, given)


def _query(text: str) -> str:
    if len(text) > MAX_QUERY_CHARACTERS:
        raise invalid_request("query_long", n=len(text), most=MAX_QUERY_CHARACTERS)
    return text.strip()


def _phrase(name: str, text: str) -> str:
    if reason := why_not(text):
        raise invalid_request("no_phrase", name=name, reason=reason)
    return phrase_of(text)
