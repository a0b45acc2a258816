"""/api, /openapi.json and /llms.txt tell every address of the site, and what they tell is true."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from datasette.app import Datasette
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from support.api_answers import FILE, answers
from support.browsing import serving
from support.eventful import BACK, EDITED, GONE, eventful, started
from support.small_site import get, served, small_site
from support.tables import every_row
from support.written_archive import Written

from archive.files import Home
from archive.publish.api.addresses import ADDRESSES, ENDINGS
from archive.publish.api.description import described, route_of
from archive.publish.api.shapes import SHAPES
from archive.publish.routes import ROUTES, TAKEN
from archive.schema import QUERIES

NOT_TOLD = {"icon.svg", "css", "-/"}  # parts of pages, and closed addresses
OF_DATASETTE = {"table", "ready"}  # addresses without a route of ours


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


@pytest.fixture(scope="module")
def crawled(written: Written) -> Iterator[Datasette]:
    with served(Home(written.home)) as there:
        yield there


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(eventful(tmp_path_factory.mktemp("eventful") / "home", started())) as there:
        yield there


def told(site: Datasette) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(site, "/api.json").json()["addresses"]
    return found


def faults(site: Datasette, shape: str, answer: Any) -> list[str]:
    """The differences of an answer from the schema of its shape."""
    components = get(site, "/openapi.json").json()["components"]
    schema = {"$ref": f"#/components/schemas/{shape}", "components": components}
    return [f"{each.json_path}: {each.message[:120]}" for each in Draft202012Validator(schema).iter_errors(answer)]


def test_every_route_is_described_and_every_address_has_one() -> None:
    endings = ("", *ENDINGS)
    found = {each.name: {route_of(each, ending, TAKEN) for ending in endings} - {None} for each in ADDRESSES}
    assert {name for name, routes in found.items() if not routes} == OF_DATASETTE
    seen = {route[0] for routes in found.values() for route in routes if route}
    missing = [pattern for pattern, _ in ROUTES if pattern not in seen]
    assert [pattern for pattern in missing if not any(part in pattern.replace("\\", "") for part in NOT_TOLD)] == []


def test_each_address_has_the_forms_and_the_parameters_of_its_route(site: Datasette) -> None:
    by_name = {each["name"]: each for each in told(site)}
    forms = {name: [form["path"] for form in each["forms"]] for name, each in by_name.items()}
    assert forms["search"] == ["/search", "/search.json", "/search.csv", "/search.atom", "/search.feed.json"]
    assert forms["version"] == [f"/a/{{key}}/v/{{digest}}{form}" for form in
                                ("", ".json", ".bib", ".ris", ".csl.json", ".txt")]  # fmt: skip
    assert forms["comparison"] == [f"/a/{{key}}/diff/{{before}}..{{after}}{form}" for form in ("", ".json", ".patch")]
    assert forms["month_file"] == ["/data/articles-{month}.csv", "/data/articles-{month}.jsonl"]
    taken = {name: [parameter["name"] for parameter in each["parameters"]] for name, each in by_name.items()}
    assert taken["person"] == ["person", "before", "limit", "name", "in", "role", "ui"]
    assert taken["phrase"] == ["of", "sort", "from", "all", "share", "ui", "q"]
    assert taken["help"] == ["ui"]


def test_every_example_is_answered_with_its_stated_type(crawled: Datasette) -> None:
    """In an archive of a real crawl, whose captures are there."""
    wrong = []
    for each in told(crawled):
        for form in each["forms"]:
            if form["example"] is None:
                assert "{file}" in form["path"] or "{person}" in form["path"] or each["name"] == "sitemap_people"
                continue
            reply = get(crawled, form["example"])
            status = 302 if each["name"] == "timegate" else 200
            if (reply.status_code, reply.headers["content-type"]) != (status, form["type"]):
                wrong.append((form["example"], reply.status_code, reply.headers["content-type"]))
    assert wrong == []


def test_every_example_in_json_has_its_stated_shape(site: Datasette, busy: Datasette) -> None:
    for there in (site, busy):
        forms = [form for each in told(there) for form in each["forms"] if form["shape"] and form["example"]]
        answered = [(form["example"], form["shape"], get(there, form["example"]).json()) for form in forms]
        wrong = {path: found for path, shape, answer in answered if (found := faults(there, shape, answer))}
        assert wrong == {}


@every_row(
    ("path", "shape"),
    [
        (f"/a/newsroom-{EDITED}.json", "Article"), (f"/a/newsroom-{BACK}.json", "Article"),
        (f"/a/newsroom-{GONE}.json", "Article"), ("/changes.json?all=1&limit=200", "Changes"),
        ("/search.json?q=一体化", "Search"), ("/search.json?q=城市火箭", "Search"), ("/search.json", "Search"),
        ("/phrase.json", "Phrase"), ("/nowhere.json", "Error"), ("/search.json?speeker=x", "Error"),
        ("/a/nothing.json", "Error"), ("/search.csv?speeker=x", "Error"), ("/nowhere.atom", "Error"),
    ],
)  # fmt: skip
def test_other_answers_have_their_shape_too(busy: Datasette, path: str, shape: str) -> None:
    assert faults(busy, shape, get(busy, path).json()) == []


def test_a_withdrawn_article_has_its_shape(site: Datasette) -> None:
    assert faults(site, "Withdrawn", get(site, "/a/newsroom-5.json").json()) == []


def test_every_shape_is_used_and_every_name_in_one_is_a_shape(site: Datasette) -> None:
    openapi = get(site, "/openapi.json").text
    assert {name for name in SHAPES if f'schemas/{name}"' not in openapi} == set()
    assert set(re.findall(r'schemas/(\w+)"', openapi)) == {*SHAPES, "OpenApi"}


def test_the_description_is_valid_and_every_question_is_in_it(site: Datasette) -> None:
    openapi = get(site, "/openapi.json").json()
    validate(openapi)
    assert openapi["openapi"] == "3.1.0"
    assert {f"/archive/{name}.json" for name in QUERIES} - set(openapi["paths"]) == set()
    asked = openapi["paths"]["/archive/speakers_per_year.json"]["get"]["parameters"]
    assert [each["name"] for each in asked] == ["year", "_shape"]
    unread = [each.address.name for each in described(TAKEN) if not any(form.shape for form in each.forms)]
    assert unread == ["latest", "timegate", "article_capture", "capture_bytes", "month_file", "public_file", "metrics",
                      "sitemap", "sitemap_part", "sitemap_people", "sitemap_tags", "robots", "llms"]  # fmt: skip


def names(value: Any) -> Any:
    """The names in a JSON value, without their values."""
    if isinstance(value, dict):
        return {name: names(inner) for name, inner in value.items()}
    return [names(inner) for inner in value] if isinstance(value, list) else None


def test_the_answers_that_are_shown_are_those_of_today(site: Datasette) -> None:
    """If not: `PYTHONPATH=.:tests .venv/bin/python -m support.api_answers` writes them."""
    assert names(json.loads(FILE.read_text("utf-8"))) == names(answers(site))


def test_the_text_for_models_leads_to_pages_that_answer(site: Datasette) -> None:
    reply = get(site, "/llms.txt")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    assert reply.text.startswith("# Thinker Archive\n\n> ")
    links = re.findall(r"\]\(http://localhost(\S+)\)", reply.text)
    assert len(links) == 13
    assert {link: status for link in links if (status := get(site, link).status_code) != 200} == {}


@every_row("ui", ["zh", "en"])
def test_the_page_names_every_address_and_explains_every_parameter_once(site: Datasette, ui: str) -> None:
    page = get(site, f"/api?ui={ui}").text
    assert [each.path for each in ADDRESSES if f">{each.path}</code>" not in page] == []
    linked = set(re.findall(r'href="#(\w+)"', page)) - {"main"}
    assert linked == set(re.findall(r'<div id="(\w+)"', page))
    assert len(page.encode()) < 100_000


@pytest.mark.slow
def test_a_generated_client_asks_a_real_site_and_finds_every_answer_as_described(written: Written) -> None:
    with serving(written.home) as address:
        asyncio.run(_ask_as_client(address))


async def _ask_as_client(address: str) -> None:
    from aiopenapi3 import OpenAPI

    client = await OpenAPI.load_async(f"{address}/openapi.json")
    found = await client._.search(parameters={"q": "城市", "order": "oldest"})
    key = found.hits[0].key
    article = await client._.article(parameters={"key": key})
    changes = await client._.changes(parameters={"kind": ["edited", "new"], "limit": 3})
    phrase = await client._.phrase(parameters={"q": ["城市"]})
    newest = await client._.question_newest(parameters={"_shape": "objects"})
    assert (article.key, article.versions[-1].number) == (key, 1)
    assert changes.events
    assert [event.kind in ("edited", "new") for event in changes.events] == [True] * len(changes.events)
    assert phrase.phrases[0].text == "城市"
    assert phrase.phrases[0].articles >= found.total > 0
    dated = sum(month.articles for month in (await client._.front()).months)  # the question has undated ones too
    assert 100 >= len(newest.rows) >= min(100, dated) > 0
