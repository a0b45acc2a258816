"""The description of every address, made from the routes, the parameters that they take, and the table of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from archive.publish.api.addresses import ADDRESSES, DATASETTE, ENDINGS, SiteAddress
from archive.publish.api.parameters import OF_TABLES, SCHEMAS, Schema, message_of
from archive.publish.messages.catalog import ALL
from archive.publish.server.parameters import EVERYWHERE, Parameters
from archive.schema import QUERIES

Routes = tuple[tuple[str, Parameters], ...]  # the pattern of each route, with the parameters that it takes

_PROBES = {"month": "2024-04", "number": "1"}  # what stands for `{name}` when a route is sought; for others `x`
_VARYING = re.compile(r"\{(\w+)\}")
_ASKED = re.compile(r"(?<![:\w']):(\w+)")  # a parameter in SQL


@dataclass(frozen=True, slots=True)
class Form:
    """One form of an address: its path with `{name}` for what varies, the type of its reply, the shape of its JSON."""

    path: str
    type: str
    shape: str | None


class Taken(NamedTuple):
    """A parameter of an address: what it does in `zh` and `en`, if it may be repeated, where it stands, its schema.

    message: the name of the message that says what it does; in the path it is the name itself.
    """

    name: str
    message: str
    zh: str
    en: str
    many: bool
    where: str  # query or path
    schema: Schema


@dataclass(frozen=True, slots=True)
class Described:
    """An address with its forms and the parameters that it takes; of those in `many` several may be given."""

    address: SiteAddress
    forms: tuple[Form, ...]
    once: tuple[str, ...]
    many: tuple[str, ...]

    @property
    def summary(self) -> tuple[str, str]:
        """Its use, in Chinese and English."""
        return ALL[f"address_{self.address.name}"]

    def parameters(self) -> Iterator[Taken]:
        """Yield each parameter of its path, then those of its query."""
        for name in _VARYING.findall(self.address.path):
            yield Taken(name, name, "", "", False, "path", {"type": "string"})
        for name in (*self.once, *self.many):
            message = message_of(self.address.name, name)
            zh, en = ALL[message]
            yield Taken(name, message, zh, en, name in self.many, "query", SCHEMAS[name])


@cache
def described(routes: Routes) -> tuple[Described, ...]:
    """Every address of ADDRESSES with the forms and parameters of its routes, in order."""
    return tuple(_described(address, routes) for address in ADDRESSES)


def _described(address: SiteAddress, routes: Routes) -> Described:
    if endings := DATASETTE.get(address.name):
        named = OF_TABLES if address.name == "table" else OF_TABLES[:1]
        many = tuple(name for name in named if name == "_col")
        return Described(address, _forms(address, endings), tuple(name for name in named if name not in many), many)
    found = {ending: route[1] for ending in ("", *ENDINGS) if (route := route_of(address, ending, routes))}
    if address.plain is None:
        found.pop("", None)
    taken = next(iter(found.values()))
    return Described(address, _forms(address, tuple(found)), (*taken.once, *EVERYWHERE), taken.many)


def route_of(address: SiteAddress, ending: str, routes: Routes) -> tuple[str, Parameters] | None:
    """The route of an address with this ending after its path, None without one."""
    probe = _VARYING.sub(lambda varying: _PROBES.get(varying[1], "x"), address.path)
    for pattern, taken in routes:
        if (found := re.match(pattern, probe + ending)) and _fits(found.groupdict()):
            return pattern, taken
    return None


def _fits(groups: Mapping[str, str | None]) -> bool:
    """True if the ending was read as a form of the page, not as a part of a name."""
    return all("." not in (value or "") for name, value in groups.items() if name not in ("as", "form"))


def _forms(address: SiteAddress, endings: Sequence[str]) -> tuple[Form, ...]:
    return tuple(_form(address, ending) for ending in endings)


def _form(address: SiteAddress, ending: str) -> Form:
    kind = ENDINGS[ending] if ending else str(address.plain)
    if address.name in DATASETTE and ending == ".csv":
        kind = "text/csv; charset=utf-8"
    is_json = kind.partition(";")[0] == "application/json"
    return Form(address.path + ending, kind, address.shape if is_json else None)


def asked_by(question: str) -> tuple[str, ...]:
    """The names of the parameters of a ready question, in the order of its SQL."""
    query = QUERIES[question]
    return tuple(query.get("params") or dict.fromkeys(_ASKED.findall(query["sql"])))
