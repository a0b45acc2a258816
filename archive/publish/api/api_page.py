"""The page /api, and the same for programs: /api.json, /openapi.json and /llms.txt."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.files import VERSION
from archive.publish.api.addresses import GROUPS
from archive.publish.api.description import Described, Routes, asked_by, described
from archive.publish.api.openapi import OPENAPI, document
from archive.publish.api.samples import Samples, example, samples
from archive.publish.database.answer_cache import read_once
from archive.publish.messages import language
from archive.publish.server.guard import PLUGIN
from archive.publish.server.rendering import CACHING, JSON, page
from archive.publish.server.request_urls import absolute
from archive.schema import QUERIES
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

View = Callable[..., Awaitable[Response]]

_ANSWERS = Path(__file__).with_name("answers.json")  # of a made-up archive: tests/support/api_answers.py writes it


def shows(routes: Routes) -> View:
    """Return the view of `/api`: every address with its forms, parameters, an example and an answer; also `.json`."""

    async def show(datasette: Datasette, request: Request) -> Response:
        known = await read_once(datasette, samples)
        addresses = [_told(each, known) for each in described(routes)]
        data = {"version": VERSION, "openapi": OPENAPI, "addresses": addresses, "questions": _questions()}
        return await page(datasette, request, "about/api", data, **_made(datasette, routes, addresses))

    return show


def openapi(routes: Routes) -> View:
    """Return the view of `/openapi.json`."""

    async def show(datasette: Datasette, request: Request) -> Response:
        known = await read_once(datasette, samples)
        title = language.Words("en")["site"]
        made = document(routes, known, absolute(datasette, request, "/").rstrip("/"), VERSION, title)
        return Response(json_line(made), headers=dict(CACHING), content_type=JSON)

    return show


def _told(each: Described, known: Samples) -> dict[str, Any]:
    """One address as data: its name, group, path, summary, parameters, forms, an example of each and an answer."""
    zh, en = each.summary
    forms = [
        {
            "path": form.path,
            "type": form.type,
            "shape": form.shape,
            "example": example(each.address, form.path, known),
        }
        for form in each.forms
    ]
    about = {"name": each.address.name, "group": each.address.group, "path": each.address.path, "zh": zh, "en": en}
    answer = answers().get(each.address.name)
    return {**about, "parameters": [told._asdict() for told in each.parameters()], "forms": forms, "answer": answer}


@cache
def answers() -> Mapping[str, Any]:
    """Examples of answers, shortened, by the name of their address."""
    found: dict[str, Any] = json.loads(_ANSWERS.read_text("utf-8"))
    return found


def _questions() -> list[dict[str, Any]]:
    return [
        {"name": name, **query["titles"], "parameters": list(asked_by(name)), "path": f"/archive/{name}.json"}
        for name, query in QUERIES.items()
    ]


def _made(datasette: Datasette, routes: Routes, addresses: list[dict[str, Any]]) -> dict[str, Any]:
    """Further values for the template: the addresses by group, every parameter once, and if the site is public."""
    in_order = sorted(addresses, key=lambda each: GROUPS.index(each["group"]))
    every = [told for each in described(routes) for told in each.parameters() if told.where == "query"]
    taken = {told.message: told for told in every}
    return {
        "groups": [(group, list(found)) for group, found in groupby(in_order, key=lambda each: str(each["group"]))],
        "taken": sorted(taken.items()),
        "is_public": bool((datasette.plugin_config(PLUGIN) or {}).get("public_url")),
        "written": lambda answer: json.dumps(answer, ensure_ascii=False, indent=1),
    }
