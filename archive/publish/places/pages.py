"""The page of a person, tag, column, source, day, month or year."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from datasette.utils.asgi import Request, Response

from archive.publish import feeds
from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import MissingError, place_before, read, rows, rows_asked
from archive.publish.formatting import addresses, charts
from archive.publish.formatting.filters import BEIJING
from archive.publish.messages import language
from archive.publish.messages.refusals import invalid_request
from archive.publish.places.counting import MAX_ARTICLES_COUNTED, PlaceCounts, counted, curve, days, roles
from archive.publish.places.listing import listed, place_of
from archive.publish.places.offering import MAX_ARTICLES, offered, part_of_place
from archive.publish.places.periods import KINDS, covered_months, neighbours, period
from archive.publish.places.selecting import ROLES, PlaceQuery, place
from archive.publish.places.similar_names import near
from archive.publish.server import errors
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page, wants_json
from archive.publish.server.request_urls import with_parameters

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

ARTICLES_PER_PAGE = 50
LISTS = {"person": "people", "tag": "tags", "column": "columns", "source": "sources"}  # as in /browse/people


class _Asked(NamedTuple):
    """The part of a place's list that a request asks for: after `before`, within a period, of a role, `most` rows."""

    before: str | None
    part: str | None
    role: str | None
    most: int


def shows(kind: str) -> Callable[..., Awaitable[Response]]:
    """Return the view of `/KIND/NAME`; `?before=DATE,ID` continues its list of articles.

    `?in=2024-04` (a year, month or day) narrows the list unless the place is itself a time; if it is a person, `?role=`
    narrows it too. 404 with similar names if there is no such place (see `about`). Without a name it redirects to the
    list of names.
    """

    @takes("before", "limit", "name", *("in",) * (kind not in KINDS), *("role",) * (kind == "person"))
    async def show(datasette: Datasette, request: Request) -> Response:
        name = name_of(request)
        if not name and "name" not in request.args and not feeds.asked(request):
            path = with_parameters(request, _list_of(kind) + ".json" * wants_json(request), "ui")
            return Response.redirect(datasette.urls.path(path))
        asked = _Asked(place_before(request), *narrowing(request), rows_asked(request, ARTICLES_PER_PAGE))
        try:
            found, chart = await _found(datasette, kind, name, asked)
        except MissingError:
            return await missing(datasette, request, kind, name)
        made = {"chart": chart, "paging": bool(asked.before), "part": found["in"], "recent": MAX_ARTICLES_COUNTED,
                "browse_path": f"/browse/{LISTS.get(kind, kind)}"}  # fmt: skip
        return await page(datasette, request, "places/place", found, feed="articles", **made)

    return show


def narrowing(request: Request) -> tuple[str | None, str | None]:
    """The parameters `in` and `role`, None if absent or blank. Raises BadRequest for no period and no role."""
    part, role = ((request.args.get(name) or "").strip() or None for name in ("in", "role"))
    if part and period(part) is None:
        raise invalid_request("no_period", text=part[:40])
    if role and role not in ROLES:
        raise invalid_request("none_of", name="role", text=role[:40], choices=", ".join(ROLES))
    return part, role


def _list_of(kind: str) -> str:
    """The path of the list that has every name of a kind; /browse, which has the calendar, for days and the like."""
    return f"/browse/{LISTS[kind]}" if kind in LISTS else "/browse"


def name_of(request: Request) -> str:
    """The name in the path, decoded, for registered routes get it percent-encoded; else that of `?name=`, else ""."""
    return unquote(request.url_vars["name"] or "") or request.args.get("name") or ""


async def _found(datasette: Datasette, kind: str, name: str, asked: _Asked) -> tuple[dict[str, Any], charts.Bars]:
    told: tuple[dict[str, Any], PlaceCounts, tuple[str, ...]] = await read_once(datasette, about, kind, name)
    shown = await read(datasette, _articles, kind, name, asked)
    about_it, counts, covered = told
    drawn = _drawn(kind, name, about_it, counts, covered)
    return {**about_it, **shown, "months": _plain(drawn)}, charts.bars(drawn)


def about(conn: sqlite3.Connection, kind: str, name: str) -> tuple[dict[str, Any], PlaceCounts, tuple[str, ...]]:
    """The description of a place, its counts, and the covered months of the archive.

    Raises MissingError if the place is unknown or has no articles. But a source may have none, and so may a day, month
    or year if both an earlier and a later one have some.
    """
    where = _place(conn, kind, name)
    counts = counted(conn, where)
    if not counts.count and kind not in (*KINDS, "source"):
        raise MissingError(name)
    covered = covered_months(conn)
    more = {"person": _person, "source": _source}.get(kind, _time if kind in KINDS else _nothing)(
        conn, where, counts.count
    )
    told = {"kind": kind, "name": name, "count": counts.count, "undated": counts.undated, **more, **counts.beside}
    return told, counts, covered


def must_be_known(conn: sqlite3.Connection, kind: str, name: str) -> None:
    """Raise MissingError for a place that has no page (see `about`)."""
    if listed(conn, _place(conn, kind, name), None, 1, "a.id") or kind == "source":
        return
    if kind not in KINDS or not all(neighbours(conn, name)):
        raise MissingError(name)


def _place(conn: sqlite3.Connection, kind: str, name: str, role: str | None = None) -> PlaceQuery:
    found = place(conn, kind, name, role)
    if found is None:
        raise MissingError(name)
    return found


def _articles(conn: sqlite3.Connection, kind: str, name: str, asked: _Asked) -> dict[str, Any]:
    before, part, role, most = asked
    where = _place(conn, kind, name, role)
    within = period(part or "") if kind not in KINDS else None
    found = listed(conn, where.within(within) if within else where, before, most + 1)
    files = part_of_place(kind, name, within.name if within else None)
    return {
        "files": offered(conn, _count(conn, kind, name, asked), [row["id"] for row in found], files),
        "articles": found[:most],
        "older": place_of(found[most - 1]) if len(found) > most else None,
        "in": within.name if within else None,
        "role": role if role in ROLES else None,
    }


def _count(conn: sqlite3.Connection, kind: str, name: str, asked: _Asked) -> int:
    """The number of articles of a list; above MAX_ARTICLES of a part that was asked for it is MAX_ARTICLES + 1."""
    if asked.part or asked.role:
        return len(articles_of(conn, kind, name, asked.part, asked.role, MAX_ARTICLES + 1))
    return counted(conn, _place(conn, kind, name)).count


def articles_of(
    conn: sqlite3.Connection, kind: str, name: str, part: str | None, role: str | None, most: int
) -> list[int]:
    """The ids of the first `most` articles of a place, in the order of its list; narrowed by a period and a role.

    Raises MissingError if the place is unknown.
    """
    where = _place(conn, kind, name, role)
    within = period(part or "") if kind not in KINDS else None
    found = listed(conn, where.within(within) if within else where, None, most, "a.id")
    return [row["id"] for row in found]


def _nothing(_conn: sqlite3.Connection, _place: PlaceQuery, _count: int) -> dict[str, Any]:
    return {}


def _person(conn: sqlite3.Connection, place: PlaceQuery, _count: int) -> dict[str, Any]:
    """A dict of a person's `roles` (number of articles by role), `biography` and `biography_at`, its moment.

    The last two have the value None if there is no biography, or if the article that it comes from was withdrawn.
    `_count` is not used.
    """
    found = rows(
        conn,
        """select p.biography, p.biography_at from people p
            where p.id = :person and exists (
                  select 1 from article_people m cross join articles a on a.id = m.article_id
                   where m.person_id = p.id and a.shown_at = p.biography_at and a.state <> 'withdrawn')""",
        {"person": place.values["person"]},
    )
    told = found[0] if found else {"biography": None, "biography_at": None}
    return {**told, "roles": roles(conn, place.values["person"])}


def _source(conn: sqlite3.Connection, place: PlaceQuery, _count: int) -> dict[str, Any]:
    return rows(conn, "select publisher, homepage, in_language from sources where name = ?", (place.name,))[0]


def _time(conn: sqlite3.Connection, place: PlaceQuery, count: int) -> dict[str, Any]:
    before, after = neighbours(conn, place.name)
    if not count and not (before and after):
        raise MissingError(place.name)
    told: dict[str, Any] = {"previous": before, "next": after}
    return told | ({"days": days(conn, place.name[: KINDS["month"]])} if place.kind != "year" else {})


def _drawn(
    kind: str, name: str, about_it: dict[str, Any], counts: PlaceCounts, covered: tuple[str, ...]
) -> list[charts.Month]:
    if kind in ("month", "day"):
        return _days_of(name, about_it["days"])
    if kind == "year":
        return _months_of(name, counts.months, covered)
    return curve(counts.months, covered)


def _months_of(year: str, counts: Mapping[str, int], covered: tuple[str, ...]) -> list[charts.Month]:
    named = _begun(charts.between(f"{year}-01", f"{year}-12"), counts)
    return [
        charts.Month(month, counts.get(month, 0), month in covered, addresses.time(month) if month in counts else None)
        for month in named
    ]


def _begun(named: Iterable[str], counts: Container[str]) -> list[str]:
    """The days or months that have begun in Beijing, and later ones with a count: others are not known to be 0."""
    today = f"{datetime.now(UTC).astimezone(BEIJING):%Y-%m-%d}"
    return [each for each in named if each <= today or each in counts]


def _days_of(name: str, counts: dict[str, int]) -> list[charts.Month]:
    """The chart's Month values, one for each day of the month `name`, or of the month of the day `name`.

    Days to come are left out. All are covered, so none is hatched: days without articles look the same as days without
    a crawl.
    """
    month = name[: KINDS["month"]]
    whole = period(month)
    last = whole.last.day if whole else 0
    named = _begun((f"{month}-{day:02}" for day in range(1, last + 1)), counts)
    return [
        charts.Month(day, counts.get(day, 0), path=addresses.time(day) if day in counts else None, here=day == name)
        for day in named
    ]


def _plain(months: list[charts.Month]) -> list[dict[str, Any]]:
    return [{"month": month.month, "articles": month.count, "covered": not month.unknown} for month in months]


async def missing(datasette: Datasette, request: Request, kind: str, name: str) -> Response:
    """The reply with status 404 for an unknown name, with similar names; also writes one line to standard error.

    It is JSON if the path ends with `.json`, else a page.
    """
    fault = errors.PageFault(404, "not_found", name)
    errors.log(request.method, request.path, fault, MissingError(name))
    english = language.Words("en")
    said = {
        "ok": False, "error": f"{english[f'no_{kind}']}{name}", "status": 404, "title": english["not_found"],
        "near": await read(datasette, near, kind, name),
    }  # fmt: skip
    return await page(datasette, request, "places/no_place", said, status=404, kind=kind, name=name)
