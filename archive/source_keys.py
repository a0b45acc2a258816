"""The tables inside `[sources.NAME]`: what its rows are called, what is posted, where things stand on its pages."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from archive.setting_checks import Within, too_long, web_address
from parsers.selectors import require_selector

IN_SECTION = "{section}"
BRACES = re.compile(r"\{[^{}]*\}?|\}")
HOST = re.compile(r"[^:/?#]*://([^/?#]*)")


class Table(BaseModel):
    """A table of thinker.toml: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


def list_address(text: str) -> str:
    """An address in which `{page}` and `{section}` may stand, but not in its host."""
    return web_address(_one_host(_filled(text, "{page}", IN_SECTION)))


def article_address(text: str) -> str:
    """An address with `{id}` in it."""
    web_address(_one_host(_filled(text, "{id}")))
    if "{id}" not in text:
        raise ValueError(f"{text!r}: say where the id stands, as in https://a.example/{{id}}")
    return text


def form_value(text: str) -> str:
    """A value of a form, in which `{page}`, `{last}` and `{section}` may stand."""
    return _filled(text, "{page}", "{last}", IN_SECTION)


def as_text(value: object) -> object:
    """A whole number of a form as it is posted."""
    return str(value) if isinstance(value, int) and not (isinstance(value, bool) or too_long(value)) else value


def one_or_more(value: object) -> object:
    """A list, also of what stands there alone."""
    return (value,) if isinstance(value, str) else value


def row_name(text: str) -> str:
    """A name, or names with dots between them."""
    if not text.strip() or len(text) > 200:
        raise ValueError(f"{text[:50]!r} is no name of a value, such as link or meta.link")
    return text


def _filled(text: str, *known: str) -> str:
    """The text; raises ValueError where other braces stand in it."""
    for found in BRACES.findall(text):
        if found not in known:
            raise ValueError(f"{text!r}: {found} is none of {', '.join(known)}")
    return text


def _one_host(text: str) -> str:
    """The address; raises ValueError where a brace stands in its host."""
    found = HOST.match(text)
    if found and BRACES.search(found[1]):
        raise ValueError(f"{text!r}: the host is the same for all")
    return text


Name = Annotated[str, AfterValidator(row_name)]
Selector = Annotated[str, AfterValidator(require_selector)]
FormValue = Annotated[str, BeforeValidator(as_text), AfterValidator(form_value)]
ListAddress = Annotated[str, AfterValidator(list_address)]


class RowSettings(Table):
    """`[sources.NAME.rows]`: what the rows of its JSON lists call what we want of them."""

    url: Name | None = None
    id: Name | None = None
    title: Name | None = None
    time: Name | None = None
    section: Annotated[tuple[Name, ...], BeforeValidator(one_or_more)] = ()
    within: Name | None = None
    """Where the rows stand, as "data.items"; unsaid: anywhere."""


class PostSettings(Table):
    """`[[sources.NAME.posts]]`: a JSON list that is asked by POST, page after page."""

    url: ListAddress
    form: dict[str, FormValue] = Field(default_factory=lambda: {"page": "{page}"})
    """What is posted; `{page}` counts from 1, `{last}` is the oldest time so far: what holds it is left out first."""
    pages: Annotated[int, BeforeValidator(Within(1, 1000, 5, whole=True))] | None = None


class SelectorSettings(Table):
    """`[sources.NAME.selectors]`: where things stand on its pages, as CSS."""

    headline: Selector | None = None
    body: Selector | None = None
    date: Selector | None = None
    authors: Selector | None = None
