"""The API in OpenAPI 3.1: every address that gives data, its parameters, and the schemas of its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archive.publish.api.addresses import HTML, JSON
from archive.publish.api.description import Described, Form, Routes, Taken, asked_by, described
from archive.publish.api.samples import Samples
from archive.publish.api.shapes import schemas
from archive.schema import QUERIES

OPENAPI = "3.1.0"
_ERRORS = {
    "400": ("A parameter or its value cannot be used.", "Error"),
    "404": ("The archive has nothing of that name.", "Error"),
    "410": ("The article was withdrawn.", "Withdrawn"),
    "503": ("It took too long: try again later.", "Error"),
}
_ENDING = re.compile(r"\.(?:csl\.json|feed\.json|\w+)$")


def document(routes: Routes, known: Samples, server: str, version: str, title: str) -> dict[str, Any]:
    """The whole document for a site whose address is `server`; `known` has values for the examples of parameters."""
    told = tuple(_told(routes))
    paths = {form.path: {"get": _operation(each, form)} for each, form in told}
    paths |= {f"/archive/{name}.json": {"get": _question(name)} for name in QUERIES}
    parameters = {_key(each, taken): _parameter(each, taken, known) for each, _ in told for taken in each.parameters()}
    own = {"OpenApi": {"type": "object", "required": ["openapi", "paths"]}}
    return {
        "openapi": OPENAPI,
        "info": {
            "title": title,
            "version": version,
            "description": "An archive of Chinese policy articles with every version that was seen. Read-only; no key.",
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": {**schemas(), **own},
            "parameters": parameters,
            "responses": {f"Status{status}": _failed(*failed) for status, failed in _ERRORS.items()},
        },
    }


def _told(routes: Routes) -> Iterator[tuple[Described, Form]]:
    for each in described(routes):
        if each.address.name != "ready":  # each question has its own path
            yield from ((each, form) for form in each.forms if form.type != HTML)


def operation_id(each: Described, form: Form) -> str:
    """The name of the operation: that of the address for its JSON, with the ending for others, as `search_csv`."""
    if form.shape or all(other.type == HTML for other in each.forms if other is not form):
        return each.address.name
    ending = _ENDING.search(form.path)
    return each.address.name + (re.sub(r"[.]", "_", ending[0]) if ending else "_plain")


def _operation(each: Described, form: Form) -> dict[str, Any]:
    zh, en = each.summary
    taken = [told for told in each.parameters() if told.name != "ui" or form.shape is None]
    return {
        "operationId": operation_id(each, form),
        "summary": en,
        "description": zh,
        "tags": [each.address.group],
        "parameters": [{"$ref": f"#/components/parameters/{_key(each, told)}"} for told in taken],
        "responses": _responses(form, bool(each.once or each.many)),
    }


def _key(each: Described, told: Taken) -> str:
    """The name of a parameter among the components: one for each meaning, and for those that are needed."""
    kind = "_several" * told.many + "_needed" * (told.where == "query" and _is_needed(each, told))
    return f"{told.where}_{told.message.removeprefix('parameter_')}{kind}"


def _is_needed(each: Described, told: Taken) -> bool:
    return told.where == "path" or (told.name == "q" and "q=" in each.address.query)


def _parameter(each: Described, told: Taken, known: Samples) -> dict[str, Any]:
    needed = _is_needed(each, told)
    schema = {"type": "array", "items": told.schema} if told.many else told.schema
    made: dict[str, Any] = {"name": told.name, "in": told.where, "schema": schema}
    made |= {"required": True} if needed else {}
    made |= {"description": f"{told.en} · {told.zh}"} if told.en else {}
    value = known.get("word" if told.name == "q" else told.name) if needed else None
    return made | ({"example": [value] if told.many else value} if value else {})


def _responses(form: Form, has_parameters: bool) -> dict[str, Any]:
    if form.path.endswith("/timegate"):
        return {"302": {"description": "The version of that moment."}, **_failures("404", "410")}
    schema = {"$ref": f"#/components/schemas/{form.shape}"} if form.shape else _plain(form.type)
    good = {"description": "The answer.", "content": {form.type.partition(";")[0]: {"schema": schema}}}
    varies = "{" in form.path
    errors = ["400"] * has_parameters + ["404"] * varies + ["410"] * ("{key}" in form.path) + ["503"]
    return {"200": good, **_failures(*errors)}


def _plain(kind: str) -> dict[str, Any]:
    return {} if kind.startswith("application/octet-stream") else {"type": "string"}


def _failures(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/Status{status}"} for status in statuses}


def _failed(told: str, shape: str) -> dict[str, Any]:
    content = {JSON.partition(";")[0]: {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
    return {"description": told, "content": content}


def _question(name: str) -> dict[str, Any]:
    query = QUERIES[name]
    asked = [{"name": each, "in": "query", "required": True, "schema": {"type": "string"}} for each in asked_by(name)]
    shape = {"name": "_shape", "in": "query", "schema": {"type": "string", "default": "objects", "enum": ["objects"]}}
    schema = {"$ref": "#/components/schemas/Answers"}
    return {
        "operationId": f"question_{name}",
        "summary": query["titles"]["en"],
        "description": query["titles"]["zh"],
        "tags": ["questions"],
        "parameters": [*asked, shape],
        "responses": {
            "200": {"description": "The rows.", "content": {"application/json": {"schema": schema}}},
            **_failures("400", "503"),
        },
    }
