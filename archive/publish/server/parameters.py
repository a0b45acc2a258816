"""Checks the names of a request's parameters: each page takes those that it declares, and `ui`; others get a 400."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from datasette.utils import async_call_with_supported_arguments
from datasette.utils.asgi import BadRequest, Request, Response

from archive.publish.messages.refusals import invalid_request

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

View = Callable[..., Awaitable[Response]]

EVERYWHERE = ("ui",)
OTHER_NAMES = {"size": "limit"}  # a page that takes `limit` takes `size` for it
MAX_NAME_SHOWN = 40  # characters of an unknown name in the refusal
_OTHERS_SUGGEST = 0.6  # difflib's ratio from which a known name is offered for an unknown one

_TRACKER = re.compile(r"utm_.*|fbclid|gclid|spm|isappinstalled", re.IGNORECASE | re.DOTALL)
_SHARED_FROM = ("singlemessage", "timeline")  # WeChat's `from`


@dataclass(frozen=True, slots=True)
class Parameters:
    """The names of the parameters that a page takes, apart from EVERYWHERE; those in `many` may be repeated.

    With `free` it takes any name.
    """

    once: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    free: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.once, *self.many, *EVERYWHERE)

    def named(self, name: str) -> str:
        """The declared name for a given one, which may be one of OTHER_NAMES."""
        declared = OTHER_NAMES.get(name, name)
        return declared if name not in self.names and declared in self.names else name

    def declared(self, query: str) -> str:
        """The query string with declared names in place of OTHER_NAMES; everything else stays as it is."""
        return "&".join(self._declared(part, _decoded(part)[0]) for part in query.split("&"))

    def _declared(self, part: str, name: str) -> str:
        _, equals, value = part.partition("=")
        return part if self.named(name) == name else f"{self.named(name)}{equals}{value}"

    def refusal(self, given: Iterable[str]) -> BadRequest | None:
        """The error for the first of the given names that is unknown, else for one that is repeated; None if fine.

        An unknown name comes with the nearest known one, or without a near one with all of them.
        """
        counts = Counter(given)
        unknown = next((name for name in counts if self.named(name) not in self.names), None)
        if unknown is not None and not self.free:
            return self._unknown(unknown[:MAX_NAME_SHOWN] + "…" * (len(unknown) > MAX_NAME_SHOWN))
        declared = Counter(self.named(name) for name in counts.elements())
        twice = next((name for name, count in declared.items() if count > 1 and name not in self.many), None)
        if twice is None or self.free:
            return None
        both = [name for name in counts if self.named(name) == twice]
        return invalid_request("one_of_names" if len(both) > 1 else "given_twice", name=" / ".join(both))

    def _unknown(self, name: str) -> BadRequest:
        known = [*self.names, *(other for other, declared in OTHER_NAMES.items() if declared in self.names)]
        near = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=_OTHERS_SUGGEST)
        if near:
            return invalid_request("unknown_near", name=name, near=near[0])
        return invalid_request("unknown_name", name=name, names=", ".join(self.names))


def takes(*once: str, many: Iterable[str] = (), free: bool = False) -> Callable[[View], View]:
    """Declare the parameters of a view, as a decorator; a view without one takes those of EVERYWHERE alone."""

    def declared(view: View) -> View:
        vars(view)["parameters"] = Parameters(once, tuple(many), free)
        return view

    return declared


def parameters_of(view: View) -> Parameters:
    """The parameters that a view declares, also behind decorators that keep its attributes."""
    found = vars(view).get("parameters", Parameters())
    assert isinstance(found, Parameters)
    return found


def checked(view: View) -> View:
    """The view, for requests whose parameters it takes; others raise BadRequest.

    The view reads a parameter of OTHER_NAMES under its declared name.
    """
    known = parameters_of(view)

    async def show(datasette: Datasette, request: Request) -> Response:
        if refusal := known.refusal(name for name, _ in parse_qsl(request.query_string, keep_blank_values=True)):
            raise refusal
        scope = {**request.scope, "query_string": known.declared(request.query_string).encode("latin-1")}
        asked = Request(scope, request.receive)
        return await async_call_with_supported_arguments(view, datasette=datasette, request=asked)

    return show


def untracked(query: str) -> str:
    """The query string without the parameters of trackers; the other parts stay as they are, in their order."""
    return "&".join(part for part in query.split("&") if not _tracks(*_decoded(part)))


def _tracks(name: str, value: str) -> bool:
    return bool(_TRACKER.fullmatch(name)) or (name == "from" and value in _SHARED_FROM)


def _decoded(part: str) -> tuple[str, str]:
    """The name and the value in one part of a query string: `utm%5Fsource=x` gives `("utm_source", "x")`."""
    return next(iter(parse_qsl(part, keep_blank_values=True)), ("", ""))
