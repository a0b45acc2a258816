"""The tables inside `[sources.NAME]`: names of rows, posted lists, and selectors."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from archive.settings.checks import Within, as_toml, pattern, too_long, web_address
from parsers.selectors import require_selector

IN_SECTION = "{section}"
DATE = ("{year}", "{month}", "{day}")  # of the day of a list
TURNING = ("{page}", "{last}", "{until}", "{cursor}")  # they differ from one page of a list to the next
BRACES = re.compile(r"\{[^{}]*\}?|\}")
HOST = re.compile(r"[^:/?#]*://([^/?#]*)")


class SettingsTable(BaseModel):
    """A table of thinker.toml: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


HEADER_NAME = re.compile(r"[!#$%&'*+.^`|~\w-]{1,100}", re.ASCII)  # RFC 9110 §5.6.2
# Headers that we send with every request, or that would break the promise to be identified and keep no session.
OURS = re.compile(
    r"accept-encoding|authorization|connection|content-(?:length|type)|cookie|expect|from|host|if-[\w-]+|keep-alive"
    r"|proxy-[\w-]+|range|te|trailer|transfer-encoding|upgrade|user-agent",
    re.IGNORECASE,
)
MAX_BODY_DEPTH = 8  # nested tables and lists


def list_address(text: str) -> str:
    """The address, if all its placeholders are `{page}`, `{section}` or parts of a date, and none is in its host.

    Raises ValueError for any other text.
    """
    return web_address(_one_host(_filled(text, "{page}", IN_SECTION, *DATE)))


def json_list_address(text: str) -> str:
    """The address as in `list_address`, but it may also have `{last}`, `{until}` and `{cursor}` in its query.

    Raises ValueError for any other text.
    """
    web_address(_one_host(_filled(text, IN_SECTION, *DATE, *TURNING)))
    path = text.partition("?")[0]
    for name in TURNING[1:]:
        if name in path:
            raise ValueError(f"{text!r}: put {name} in the query, as in ?from={name}")
    return text


def article_address(text: str) -> str:
    """The address, if `{id}` is in it, is its only placeholder, and is not in its host. Else raises ValueError."""
    web_address(_one_host(_filled(text, "{id}")))
    if "{id}" not in text:
        raise ValueError(f"{text!r}: add {{id}} where the id goes, as in https://a.example/{{id}}")
    return text


def form_value(text: str) -> str:
    """The value of a form's field, which may have every placeholder of a list in JSON.

    Raises ValueError for other braces.
    """
    return _filled(text, IN_SECTION, *DATE, *TURNING)


def json_body(value: Any, depth: int = 0) -> Any:
    """A value that is posted as JSON, checked: its texts may have every placeholder of a list in JSON.

    Raises ValueError for other braces, deep nesting, and values that JSON does not have.
    """
    if depth > MAX_BODY_DEPTH:
        raise ValueError(f"its tables are nested more than {MAX_BODY_DEPTH} deep")
    if isinstance(value, dict):
        return {name: json_body(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [json_body(each, depth + 1) for each in value]
    if isinstance(value, str):
        return form_value(value)
    if not isinstance(value, bool | int | float) or too_long(value) or value != value:
        raise ValueError(f"{str(value)[:50]} cannot be written as JSON: put it in quotes")
    return value


def header(name: str) -> str:
    """The name, if it is that of a request header that a declaration may set; else raises ValueError.

    It may set any but those of OURS: headers that the crawler sets itself, such as Host and User-Agent, and those of a
    login session, such as Cookie.
    """
    if not HEADER_NAME.fullmatch(name):
        raise ValueError(f"{name[:50]!r} is not the name of a header, such as Referer")
    if OURS.fullmatch(name):
        raise ValueError(
            f"remove the header {name}: the crawler sets it, or it belongs to a login session, which it does not keep"
        )
    return name


def header_value(text: str) -> str:
    """The text, if it can be a header's value: one line of printable ASCII (RFC 9110 §5.5), 1,000 characters at most.

    It may be empty. Raises ValueError for any other.
    """
    if not (text.isascii() and text.isprintable()) or len(text) > 1000:
        raise ValueError(f"{text[:50]!r} is not a value for a header: use one line of printable ASCII")
    return text


def list_table(value: object) -> object:
    """The settings of a list as a table; an address alone becomes {"url": ADDRESS}.

    Raises ValueError for any other value.
    """
    return _as_table(value, list_address)


def json_list_table(value: object) -> object:
    """The settings of a list in JSON as a table; an address alone becomes {"url": ADDRESS}.

    Raises ValueError for any other value.
    """
    return _as_table(value, json_list_address)


def _as_table(value: object, address: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return {"url": address(value)}
    if not isinstance(value, dict | SettingsTable):
        raise ValueError(f"write an address in quotes or a table, not {as_toml(value)}")
    return value


def as_text(value: object) -> object:
    """A whole number as the text that a form posts; any other value, also true, is unchanged."""
    return str(value) if isinstance(value, int) and not (isinstance(value, bool) or too_long(value)) else value


def one_or_more(value: object) -> object:
    """A single text as a tuple of one; any other value is unchanged."""
    return (value,) if isinstance(value, str) else value


def row_name(text: str) -> str:
    """The text, unchanged: the name of a value in a row, or several with dots between them.

    Raises ValueError if it is blank or longer than 200 characters.
    """
    if not text.strip() or len(text) > 200:
        raise ValueError(f"{text[:50]!r} is not the name of a value, such as link or meta.link")
    return text


def _filled(text: str, *known: str) -> str:
    """The text; raises ValueError if it has braces other than those in `known`: `_filled(text, "{page}", "{id}")`."""
    for found in BRACES.findall(text):
        if found not in known:
            raise ValueError(f"{text!r}: {found} is not one of {', '.join(known)}")
    return text


def _one_host(text: str) -> str:
    """The address; raises ValueError if its host has a brace."""
    found = HOST.match(text)
    if found and BRACES.search(found[1]):
        raise ValueError(f"{text!r}: the host cannot have a placeholder")
    return text


Name = Annotated[str, AfterValidator(row_name)]
Selector = Annotated[str, AfterValidator(require_selector)]
FormValue = Annotated[str, BeforeValidator(as_text), AfterValidator(form_value)]
ListAddress = Annotated[str, AfterValidator(list_address)]
JsonListAddress = Annotated[str, AfterValidator(json_list_address)]
Pattern = Annotated[str, AfterValidator(pattern)]
Pages = Annotated[int, BeforeValidator(Within(1, 1000, 5, whole=True))]


class RowSettings(SettingsTable):
    """`[sources.NAME.rows]`: the names of fields in the rows of its JSON lists; None or (): not set."""

    url: Name | None = None
    id: Name | None = None
    title: Name | None = None
    time: Name | None = None
    section: Annotated[tuple[Name, ...], BeforeValidator(one_or_more)] = ()
    within: Name | None = None
    """The place of the rows, as "data.items"; unset: anywhere."""
    instead: Name | None = None
    """The field with the address of a row that is no article, in place of the address made from its id."""


class PageSettings(SettingsTable):
    """The settings of a list's pages, in HTML and in JSON."""

    url: ListAddress
    pages: Pages | None = None
    first: Annotated[int, BeforeValidator(Within(0, 1_000_000, 0, whole=True))] | None = None
    """The first value of `{page}`; unset: 1, in `further` 2."""
    step: Annotated[int, BeforeValidator(Within(1, 100_000, 20, whole=True))] | None = None
    """The increment of `{page}`."""
    further: ListAddress | None = None
    """The address of the second page and later ones, if the first has another."""
    days: Annotated[int, BeforeValidator(Within(1, 3_660, 7, whole=True))] | None = None
    """The number of days back for `{year}`, `{month}` and `{day}`; unset: 7."""

    @model_validator(mode="after")
    def _counts_what_it_names(self) -> Self:
        text = " ".join(texts_of(self))
        if "{page}" not in text and (self.first, self.step) != (None, None):
            raise ValueError("first and step need {page} in the address")
        if self.days is not None and not any(name in text for name in DATE):
            raise ValueError("days needs {year}, {month} or {day} in the address")
        return self


class ListSettings(PageSettings):
    """`[[sources.NAME.lists]]`: a list in HTML, and the lists that it links."""

    lists: Pattern | None = None
    """The addresses of further lists that it links, as an index of issues does: a regular expression."""
    depth: Annotated[int, BeforeValidator(Within(1, 5, 1, whole=True))] | None = None
    """The levels of lists below it; unset: 1."""
    newest: Annotated[int, BeforeValidator(Within(0, 1000, 5, whole=True))] | None = None
    """The number of linked lists read in every crawl; the others are read once, then once a week. Unset: 5."""

    @model_validator(mode="after")
    def _leads_to_lists(self) -> Self:
        if self.lists is None and (self.depth, self.newest) != (None, None):
            raise ValueError("depth and newest only work with lists: add lists")
        return self


class JsonListSettings(PageSettings):
    """`[[sources.NAME.json_lists]]`: a list in JSON, its requests and its further pages."""

    url: JsonListAddress
    further: JsonListAddress | None = None
    """As in PageSettings."""
    form: dict[str, FormValue] | None = None
    """Posted as a web form is."""
    body: Annotated[dict[str, Any], AfterValidator(json_body)] | None = None
    """Posted as JSON."""
    headers: dict[Annotated[str, AfterValidator(header)], Annotated[str, AfterValidator(header_value)]] = Field(
        default_factory=dict
    )
    """Sent with every request of the list. The declaration is stored in the archive's files: put no secret here."""
    cursor: Name | None = None
    """The field with the next `{cursor}` or, without `{cursor}`, with the address of the next page."""
    script: Selector | None = None
    """The <script> of an HTML page that holds the JSON."""
    rows: RowSettings | None = None
    """The names of this list's rows; unset: the source's `rows`."""

    @property
    def posted(self) -> dict[str, FormValue] | None:
        """The form to post; None without one: the list is then asked by GET, or its `body` is posted."""
        return self.form

    @model_validator(mode="after")
    def _is_asked_in_one_way(self) -> Self:
        if self.form is not None and self.body is not None:
            raise ValueError("form and body cannot both be set: remove one")
        if self.cursor is None and any("{cursor}" in text for text in texts_of(self)):
            raise ValueError('it has {cursor} without a value: add cursor = "…"')
        return self


def texts_of(table: PageSettings) -> Iterator[str]:
    """Yield every text of a list that may have a placeholder: its addresses, and the values of its form or body.

    Not those of its headers, which have none.
    """
    yield from filter(None, (table.url, table.further))
    if isinstance(table, JsonListSettings):
        yield from _texts_in(table.posted)
        yield from _texts_in(table.body)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts_in(each)


class PostSettings(JsonListSettings):
    """`[[sources.NAME.posts]]`: a list in JSON, requested by POST.

    Without `form` and `body`, the form is `{ page = "{page}" }`.
    """

    @property
    def posted(self) -> dict[str, FormValue] | None:
        """The form to post, by default `{"page": "{page}"}`; None if a body is posted."""
        return {"page": "{page}"} if self.form is None and self.body is None else self.form


class SelectorSettings(SettingsTable):
    """`[sources.NAME.selectors]`: CSS for the parts of its pages, or names in the JSON of a script.

    With `script`, the CSS of that <script>, the other keys are names in its JSON.
    """

    script: Selector | None = None
    """The <script> that holds the article as JSON: the other keys are then names in it, with dots."""
    headline: str | None = None
    body: str | None = None
    date: str | None = None
    authors: str | None = None

    @field_validator("headline", "body", "date", "authors")
    @classmethod
    def _is_a_place(cls, text: str | None, said: ValidationInfo) -> str | None:
        if text is None:
            return None
        return row_name(text) if said.data.get("script") else require_selector(text)
