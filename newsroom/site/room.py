"""The newsroom itself: its articles, the events on them, and the present text of each.

Articles are written when they are asked for; only events are stored, so that a million articles cost nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from newsroom.events.arguments import Arguments, EventError
from newsroom.events.editing import revised
from newsroom.events.kinds import KINDS, SHAPES_WITH_LISTS, checked
from newsroom.faults.active_faults import ActiveFaults
from newsroom.stories import writing
from newsroom.stories.dates import Calendar
from newsroom.stories.manuscripts import Manuscript, printed
from newsroom.stories.story import Head, Story, language_of

SITE_MINUTE = 60  # every event takes one minute of the site's own time, so that bytes never depend on ours
DEFAULT_CLOCK = 1_795_568_400  # 2026-11-25T09:00:00+08:00
DEFAULT_ROBOTS = "User-agent: *\nDisallow: /-/\nAllow: /\n"
_EDITORIAL = {"publish", "edit", "cosmetic"}
_STATES = {"404": "removed", "410": "removed", "shell": "soft_gone", "front": "redirected"}


class Event(NamedTuple):
    """An event on the site: its place in the order, and its moment in the site's own time."""

    sequence: int
    at: int
    kind: str
    arguments: Arguments


class Condition(NamedTuple):
    """The condition of an article; state: live, delisted, removed, soft_gone, redirected or restricted.

    how: the answer of its page after an event remove: 404 or 410 (removed), shell (soft_gone), front (redirected); None
    in the other states.
    """

    state: str = "live"
    how: str | None = None
    validators: bool = False  # True if the page in its place has ETag and Last-Modified

    @property
    def listed(self) -> bool:
        return self.state in ("live", "restricted")

    @property
    def page(self) -> bool:
        return self.state in ("live", "delisted")


LIVE = Condition()


@dataclass(slots=True)
class Newsroom:
    """The articles of the site and the events on them, from which every answer follows.

    Articles have the numbers 1 to `articles`, and those of `extras`, which events published. Addresses have no trailing
    slash.
    """

    articles: int = 200
    seed: int = 1
    clock: int = DEFAULT_CLOCK
    spacing: int = 0  # seconds between two articles; 0: the usual
    cast: writing.Cast = ()
    manuscripts: Mapping[int, Manuscript] = field(default_factory=dict)  # hand-written texts, by article
    address: str = "http://127.0.0.1:8765"
    others: tuple[str, ...] = ()  # the addresses of its other hosts
    crossing: bool = False  # True if links lead to the next host and not to the one asked
    events: list[Event] = field(default_factory=list)
    extras: list[int] = field(default_factory=list)  # published by events, in that order
    faults: ActiveFaults = field(default_factory=ActiveFaults)
    conditions: dict[int, Condition] = field(default_factory=dict)
    out: bool = False
    design: int = 0
    redesigned: int = 0
    listed: int = 0  # moment of the last change of the lists: any event on an article, `lists` or `hosts`
    robots: str | None = None
    undated: set[str] = field(default_factory=lambda: {"mirror"})  # shapes whose lists name no dates
    calendar: Calendar = field(init=False)
    reprints: dict[int, Story] = field(default_factory=dict)  # on the bureau's site
    moved: set[int] = field(default_factory=set)  # those that are on another host by now
    turns: dict[int, int] = field(default_factory=dict)  # number of pages, for articles in more than one
    # Rendered pages with their ETag, by address, article and page.
    pages: dict[tuple[str, int, int], tuple[str, bytes]] = field(default_factory=dict)
    _of_article: dict[int, list[Event]] = field(default_factory=dict)
    _extra_times: dict[int, int] = field(default_factory=dict)
    _stories: dict[tuple[int, str], Story] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.calendar = Calendar(self.clock, self.articles, self.seed, self.spacing)
        self.listed = self.clock

    @property
    def now(self) -> int:
        """The site's own time, in Unix seconds."""
        return self.clock + len(self.events) * SITE_MINUTE

    def exists(self, number: int) -> bool:
        return 1 <= number <= self.articles or number in self._extra_times

    def published(self, number: int) -> int:
        """The moment (Unix seconds) at which the article first stood on the site; the date it shows can be edited."""
        return self._extra_times.get(number) or self.calendar.published(number)

    def condition(self, number: int) -> Condition:
        return self.conditions.get(number, LIVE)

    def history(self, number: int) -> list[Event]:
        """The events of one article, in the order in which they were applied; faults are not among them."""
        return self._of_article.get(number, [])

    def modified(self, number: int) -> int:
        """The moment of the last event in the article's history, of any kind; without any, that of its publication."""
        events = self.history(number)
        return events[-1].at if events else self.published(number)

    def edited(self, number: int) -> int:
        """The moment of its last edit, also a cosmetic one, for dateModified; without any, that of its publication."""
        times = [event.at for event in self.history(number) if event.kind in _EDITORIAL]
        return times[-1] if times else self.published(number)

    def head(self, number: int, language: str | None = None) -> Head:
        """The article as lists show it now; language: default that of the ordinary site."""
        language = language or language_of(number)
        if number in self._of_article:
            return self.story(number, language)
        return self.first_head(number, language)

    def story(self, number: int, language: str | None = None) -> Story:
        """The whole article with its present text, even if removed; language: default that of the ordinary site."""
        language = language or language_of(number)
        events = self.history(number)
        if not events:
            return self.first_story(number, language)
        key = (number, language)
        if key not in self._stories:
            story = self.first_story(number, language)
            for event in events:
                story = revised(story, event.kind, event.arguments, event.sequence)
            self._stories[key] = story
        return self._stories[key]

    def first_head(self, number: int, language: str) -> Head:
        """The head of the article as it is invented for its moment of publication; no event changes it.

        For one that an event published, it lacks the texts that the event gave.
        """
        if number in self.manuscripts:
            return self.first_story(number, language)
        return writing.head(self.seed, number, language, self.published(number), self.cast)

    def first_story(self, number: int, language: str) -> Story:
        """The whole article as it is invented, or as its manuscript has it, for its moment of publication.

        No event changes it. For one that an event published, it lacks the texts that the event gave: `story` has them.
        """
        story = writing.story(self.seed, number, language, self.published(number), self.cast)
        return printed(story, self.manuscripts[number]) if number in self.manuscripts else story

    def newest(self, start: int = 0, count: int | None = None) -> Iterator[int]:
        """Yield the articles' numbers at `count` places of the list of all, from place `start` on, newest first.

        Place 0 is the newest. Unlisted articles are left out and not replaced, so fewer numbers may come. count None:
        all places from `start` on.
        """
        total = self.articles + len(self.extras)
        for place in range(start, total if count is None else min(start + count, total)):
            number = self.number_at(place)
            if self.condition(number).listed:
                yield number

    def number_at(self, place: int) -> int:
        extras = len(self.extras)
        return self.extras[extras - 1 - place] if place < extras else self.articles - (place - extras)

    @property
    def total(self) -> int:
        return self.articles + len(self.extras)

    def apply(self, sent: object, at: int | None = None) -> Event:
        """Apply an event or a fault, as it was sent, at once, and return the Event; the site's clock moves by a minute.

        at: the moment to note in the Event; default: the clock's time after that minute. The clock moves with `at` too.
        Raises EventError, and then changes nothing.
        """
        kind, arguments = checked(sent)
        number = arguments.get("article")
        if kind == "publish":
            arguments["article"] = number = self._new_number(number)
        elif isinstance(number, int) and not self.exists(number):
            raise EventError(f"no article {number}; articles: {self.numbers()}")
        elif kind in ("hosts", "move") and not self.others:
            raise EventError(f"{kind}: the site has one host only; start it with --also 127.0.0.2")
        elif kind == "reprint" and isinstance(number, int):
            self._require_passage(number, arguments)
        elif kind == "move" and number not in self.reprints:
            raise EventError(f"move: the bureau has no reprint of article {number}")
        event = Event(len(self.events) + 1, at or self.now + SITE_MINUTE, kind, arguments)
        if kind in _EDITORIAL and isinstance(number, int):
            self._try(number, event)
        self.events.append(event)
        self._record(event, number if isinstance(number, int) else None)
        return event

    def numbers(self) -> str:
        extra = [number for number in self.extras if number > self.articles]
        return f"1 to {self.articles}" + (f", {', '.join(map(str, extra[:20]))}" if extra else "")

    def _new_number(self, given: object) -> int:
        if given is None:
            return max([self.articles, *self.extras]) + 1
        if not isinstance(given, int) or given < 1:
            raise EventError(f"publish: an article's number is 1 or more, not {given!r}")
        if self.exists(given):
            raise EventError(f"publish: article {given} is published already; articles: {self.numbers()}")
        return given

    def _require_passage(self, number: int, arguments: Arguments) -> None:
        passage = str(arguments.get("instead_of", ""))
        if passage not in "".join(self.story(number, "zh").paragraphs):
            raise EventError(f"reprint: article {number} does not say {passage!r}")

    def _try(self, number: int, event: Event) -> None:
        """Revise the text in every language, and then store the results.

        Raises EventError before anything is stored, so that a bad event leaves no trace.
        """
        after = {(number, language): self._tried(number, language, event) for language in ("zh", "en")}
        self._stories |= after

    def _tried(self, number: int, language: str, event: Event) -> Story:
        if event.kind == "publish":
            story = writing.story(self.seed, number, language, event.at, self.cast)
        else:
            story = self.story(number, language)
        return revised(story, event.kind, event.arguments, event.sequence)

    def _record(self, event: Event, number: int | None) -> None:
        if KINDS[event.kind].fault:
            self.faults.switch_on(event.kind, event.arguments, event.at)
        elif event.kind == "clear":
            self.faults.clear(event.arguments)
        elif number is not None:
            self._record_on_article(event, number)
        else:
            self._record_on_site(event)

    def _record_on_article(self, event: Event, number: int) -> None:
        self._of_article.setdefault(number, []).append(event)
        self.listed = event.at
        if event.kind == "publish":
            self.extras.append(number)
            self._extra_times[number] = event.at
        elif event.kind == "reprint":
            self.reprints[number] = _reprinted(self.story(number, "zh"), event.arguments)
        elif event.kind == "move":
            self.moved.add(number)
        elif event.kind == "paginate":
            self.turns[number] = int(str(event.arguments["pages"]))
        elif event.kind not in _EDITORIAL:
            self.conditions[number] = condition_after(event)

    def _record_on_site(self, event: Event) -> None:
        arguments = event.arguments
        if event.kind == "outage":
            self.out = bool(arguments.get("on", True))
        elif event.kind == "redesign":
            design = arguments.get("design", 1 - self.design)
            self.design, self.redesigned = int(str(design)), event.at
        elif event.kind == "lists":
            self._date_lists(event)
        elif event.kind == "hosts":
            self.crossing = arguments["links"] == "other"
            self.redesigned = self.listed = event.at  # links on pages and lists are others from now on
        elif event.kind == "robots":
            self.robots = str(arguments["text"])

    def _date_lists(self, event: Event) -> None:
        shape = event.arguments.get("shape")
        shapes = {str(shape)} if shape else set(SHAPES_WITH_LISTS)
        self.undated = self.undated - shapes if event.arguments["dated"] else self.undated | shapes
        self.listed = event.at


def _reprinted(story: Story, arguments: Arguments) -> Story:
    """The story as the bureau reprints it: with `text` for the passage `instead_of`, without a text if it is a `scan`.

    Without `text` the passage is left out. Without any of these arguments it is the same story.
    """
    if arguments.get("scan"):
        return replace(story, paragraphs=(), headings=())
    passage, text = str(arguments.get("instead_of", "")), str(arguments.get("text", ""))
    return replace(
        story, paragraphs=tuple(line.replace(passage, text) if passage else line for line in story.paragraphs)
    )


def condition_after(event: Event) -> Condition:
    """The condition of an article after an event delist, remove, restrict or restore."""
    how = str(event.arguments.get("how", "404"))
    validators = bool(event.arguments.get("validators"))
    return {
        "delist": Condition("delisted"),
        "remove": Condition(_STATES.get(how, "removed"), how, validators),
        "restrict": Condition("restricted", None, validators),
        "restore": LIVE,
    }[event.kind]
