"""The faults that are switched on, and the choice of the one that strikes a request."""

from dataclasses import dataclass, field

from newsroom.events.arguments import Arguments

# The place of a fault: the number of an article, a path with or without its query, or (None) the whole site.
Place = int | str | None


@dataclass(slots=True)
class ActiveFault:
    """A fault that is switched on; `left` counts the strikes it has left (None: no limit)."""

    kind: str
    arguments: Arguments
    left: int | None
    at: int  # since then, in the site's own time


@dataclass(slots=True)
class ActiveFaults:
    """At most one fault at each place; a later one replaces an earlier one."""

    at_place: dict[Place, ActiveFault] = field(default_factory=dict)

    def switch_on(self, kind: str, arguments: Arguments, at: int) -> None:
        times = arguments.get("times")
        self.at_place[place_of(arguments)] = ActiveFault(kind, arguments, times if isinstance(times, int) else None, at)

    def clear(self, arguments: Arguments) -> None:
        """Remove the fault at one place; all faults, and not only the whole site's, if the event names no place."""
        place = place_of(arguments)
        if place is None:
            self.at_place.clear()
        else:
            self.at_place.pop(place, None)

    def striking(self, article: int | None, part: int, target: str) -> ActiveFault | None:
        """The fault that strikes a request, or None; the strike is counted, and after its last one a fault is gone.

        An article's own fault comes before a path's, a path's before the site's. part: the page of the article that is
        asked for; a fault with an argument `page` strikes only that page. target: path and query.
        """
        if not self.at_place:
            return None
        for place in _places(article, without_again(target)):
            fault = self.at_place.get(place)
            if fault is not None and fault.arguments.get("page", part) == part:
                return self._counted(place, fault)
        return None

    def _counted(self, place: Place, fault: ActiveFault) -> ActiveFault:
        if fault.left is not None:
            fault.left -= 1
            if fault.left <= 0:
                del self.at_place[place]
        return fault

    @property
    def trapped(self) -> bool:
        return any(fault.kind == "trap" for fault in self.at_place.values())


def _places(article: int | None, target: str) -> list[Place]:
    """The places of faults that can strike this request, in order of precedence: [article, target, its path, None].

    Without an article the first is left out; the None at the end stands for the whole site.
    """
    of_article: list[Place] = [] if article is None else [article]
    return [*of_article, target, target.partition("?")[0], None]


def place_of(arguments: Arguments) -> Place:
    """The place that an event names: an article's number, else a path; None for the whole site."""
    place = arguments.get("article", arguments.get("path"))
    return place if isinstance(place, int | str) else None


def without_again(target: str) -> str:
    """A target without `again=1`, the mark of a redirect loop (see newsroom.faults.content)."""
    return target[:-8] if target.endswith(("?again=1", "&again=1")) else target
