"""The seeds that thinker.toml declares."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from archive.settings import IN_SECTION, JsonListSettings, ListSettings, PageSettings, RowSettings, SourceSettings
from crawler.sources.declaring.seed_kinds import Feed, JsonList, ListPage, Seed, Sitemap, is_turned
from parsers.json_rows import SHANGGUAN as SHANGGUAN_ROWS
from parsers.json_rows import RowFields

USUAL_PAGES = 5


def seeds_of(said: SourceSettings) -> tuple[Seed, ...]:
    """The seeds that a table of thinker.toml adds: feeds, sitemaps, lists, then lists in JSON."""
    feeds: list[Seed] = [Feed(url) for url in said.feeds]
    sitemaps: list[Seed] = [Sitemap(url) for url in said.sitemaps]
    lists: list[Seed] = [_list(each, said) for each in said.lists]
    json_lists: list[Seed] = [_json_list(each, said) for each in (*said.json_lists, *said.posts)]
    return (*feeds, *sitemaps, *lists, *json_lists)


def with_names_and_pages(seed: Seed, said: SourceSettings) -> Seed:
    """A seed of a built-in source with the row names and the number of pages of thinker.toml, where they apply.

    Names apply to lists in JSON; pages to HTML lists, and to lists in JSON that say how to reach the next page.
    """
    if isinstance(seed, JsonList) and said.rows is not None:
        seed = replace(seed, rows=replace(seed.rows, **_names(said.rows)))
    if said.pages and (isinstance(seed, ListPage) or (isinstance(seed, JsonList) and is_turned(seed))):
        seed = replace(seed, pages=said.pages)
    return seed


def _list(table: ListSettings, said: SourceSettings) -> Seed:
    if urlsplit(table.url).path.endswith(".json"):
        return _with_pages(_rows_at(table, said.rows, said), table, said)
    levels = _given(depth=table.depth, newest=table.newest)
    seed = ListPage(_in_section(table.url, said), lists=table.lists, **levels, **_paging(table, said))
    return _with_pages(seed, table, said)


def _json_list(table: JsonListSettings, said: SourceSettings) -> Seed:
    form, body = table.posted, table.body
    seed = replace(
        _rows_at(table, table.rows or said.rows, said),
        form=None if form is None else tuple((name, _in_section(value, said)) for name, value in form.items()),
        body=None if body is None else json.dumps(_filled(body, said), ensure_ascii=False),
        headers=tuple(table.headers.items()),
        cursor=table.cursor,
        script=table.script,
    )
    return _with_pages(seed, table, said)


def _rows_at(table: PageSettings, rows: RowSettings | None, said: SourceSettings) -> JsonList:
    return JsonList(_in_section(table.url, said), _rows(rows, said), **_paging(table, said))


def _with_pages(seed: ListPage | JsonList, table: PageSettings, said: SourceSettings) -> Seed:
    """A list with its number of pages: as set for it, else for the source, else USUAL_PAGES if it is turned, else 1.

    A list in JSON that does not say how to reach the next page stays as it is.
    """
    if isinstance(seed, JsonList) and not is_turned(seed):
        return seed
    return replace(seed, pages=table.pages or said.pages or (USUAL_PAGES if is_turned(seed) else 1))


def _paging(table: PageSettings, said: SourceSettings) -> dict[str, Any]:
    further = None if table.further is None else _in_section(table.further, said)
    return _given(first=table.first, step=table.step, further=further, days=table.days)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _filled(value: Any, said: SourceSettings) -> Any:
    """A JSON value of a body with `{section}` in all its texts replaced by the source's section, by "" without one."""
    if isinstance(value, dict):
        return {name: _filled(each, said) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, said) for each in value]
    return _in_section(value, said) if isinstance(value, str) else value


def _in_section(text: str, said: SourceSettings) -> str:
    return text.replace(IN_SECTION, said.section or "")


def _rows(rows: RowSettings | None, said: SourceSettings) -> RowFields:
    """The RowFields of a list: the names that `rows` sets, 上观's for the others, but `newstype` None.

    rows None: 上观's as they are, `newstype` too.
    """
    if rows is None:
        return SHANGGUAN_ROWS
    names = _names(rows) | ({"timezone": said.timezone} if said.timezone else {})
    return replace(SHANGGUAN_ROWS, newstype=None, **names)


def _names(rows: RowSettings) -> dict[str, Any]:
    """The row names that are set, by field of RowFields."""
    names = {"id": rows.id, "title": rows.title, "time": rows.time, "url": rows.url, "within": rows.within}
    names |= {"instead": rows.instead}
    return {name: value for name, value in (names | {"section": rows.section}).items() if value}
