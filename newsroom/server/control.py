"""The newsroom's own endpoints under `/-/`: never logged, never struck by a fault or an outage."""

import json

from newsroom.events.arguments import EventError
from newsroom.events.kinds import described
from newsroom.http.answers import JSON, TEXT, Request, SitePage, fixed, whole_number
from newsroom.http.log import Log
from newsroom.server.recording import recording
from newsroom.site.room import Newsroom
from newsroom.site.truth import truth, truth_lines

_LINES = "application/jsonl; charset=utf-8"


def page(room: Newsroom, log: Log, request: Request) -> SitePage:
    """The answer of an endpoint under `/-/`; 404 for any other path.

    `POST /-/event`, `GET /-/events`, `GET /-/truth[?article=N[&language=zh]]`, `GET /-/log`, `GET /-/recording`.
    """
    if request.path == "/-/event":
        return _event(room, request)
    if request.path == "/-/events":
        return fixed(json.dumps(described(), ensure_ascii=False, indent=1) + "\n", JSON)
    if request.path == "/-/truth":
        return _truth(room, request)
    if request.path == "/-/log":
        return SitePage(lambda: b"", _LINES, stream=log.lines())
    if request.path == "/-/recording":
        return SitePage(lambda: b"", "application/warc", stream=recording(room))
    return fixed("there are /-/event, /-/events, /-/truth, /-/log and /-/recording\n", TEXT, 404)


def _event(room: Newsroom, request: Request) -> SitePage:
    if request.method != "POST":
        return fixed('send POST with {"do": …}\n', TEXT, 405)
    try:
        room.apply(json.loads(request.body))
    except EventError as error:
        found = fixed(f"{error}\n", TEXT, 400)
    except ValueError as error:
        found = fixed(f"not JSON: {error}\n", TEXT, 400)
    else:
        found = SitePage(lambda: b"", TEXT, 204)
    found.methods = ("POST",)
    return found


def _truth(room: Newsroom, request: Request) -> SitePage:
    asked = request.query.get("article")
    if asked is None:
        return SitePage(lambda: b"", _LINES, stream=truth_lines(room))
    number = whole_number(asked)
    if number is None or not room.exists(number):
        return fixed(f"no article {asked!r}; articles: {room.numbers()}\n", TEXT, 404)
    language = request.query.get("language")
    if language not in (None, "zh", "en"):
        return fixed(f"no language {language!r}; languages: zh, en\n", TEXT, 404)
    return fixed(json.dumps(truth(room, number, language), ensure_ascii=False) + "\n", JSON)
