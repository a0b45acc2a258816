"""Writes a search as SQL with the same hits in the same order, for readers who want to refine it."""

from __future__ import annotations

from archive.publish.search.search_request import SearchRequest
from archive.search import ALL_BEFORE, ALL_NOW, CORRECTED, FACETS, RANK, Facet

MAX_SQL_ROWS = 1_000  # as many as the site returns for a query

_AND = "\n   and "
_NOW = "a.search_id in (select rowid from article_words where article_words match terms(:q))"
_BEFORE = """a.id in (
        select t.article_id from revision_words join state_texts t on t.state_id = revision_words.rowid
         where revision_words match terms(:q))"""
_EXACTLY_NOW = f"zh_exact(:q, {CORRECTED}, {ALL_NOW})"
_EXACTLY_BEFORE = f"zh_exact(:q, '{{}}', {ALL_BEFORE})"
_NARROWED = {
    "source": "a.source",
    "column": "a.article_section",
    "tag": "k.name",
    "speaker": "a.speaker",
    "year": "substr(a.published_date, 1, 4)",
    "state": "a.state",
    "language": "a.in_language",
}
_TAGGED = """a.id in (
        select t.article_id from keywords k join article_keywords t on t.keyword_id = k.id
         where {condition})"""
_DATED = {"since": "a.published_date >= :since", "until": "a.published_date <= :until"}
_ORDERED = {
    "newest": "a.date_published_utc desc, a.search_id desc",
    "oldest": "a.date_published_utc is null, a.date_published_utc, a.search_id",
    "relevance": f"{RANK}, a.search_id",
}


def sql_of(asked: SearchRequest) -> tuple[str, dict[str, str]]:
    """The SQL query of a search, and the values of its named parameters.

    It gives at most MAX_SQL_ROWS rows from the first hit on: `limit` and `before` are left out.
    """
    values = {"q": asked.q}
    of, where = _matching(asked)
    conditions = [where, "a.state <> 'withdrawn'"]
    for facet in FACETS:
        if chosen := asked.choices.of(facet):
            named = {f"{facet}{number or ''}": value for number, value in enumerate(chosen)}
            conditions.append(_one_of(facet, list(named)))
            values |= named
    for name, condition in _DATED.items():
        if day := getattr(asked.choices, name):
            conditions.append(condition)
            values[name] = day
    sql = f"""select a.key, a.headline, a.speaker, a.article_section, a.source, a.published_date,
       zh_snippet(a.body_text, :q) as snippet
  from {of}
 where {_AND.join(conditions)}
 order by {_ORDERED[asked.order]}
 limit {MAX_SQL_ROWS}"""
    return sql, values


def _one_of(facet: Facet, names: list[str]) -> str:
    """The condition that a hit has one of the values of the parameters with these names."""
    parameters = ", ".join(f":{name}" for name in names)
    condition = f"{_NARROWED[facet]} = {parameters}" if len(names) == 1 else f"{_NARROWED[facet]} in ({parameters})"
    return _TAGGED.format(condition=condition) if facet == "tag" else condition


def _matching(asked: SearchRequest) -> tuple[str, str]:
    """The tables (SQL after `from`) and the condition (SQL after `where`) for the articles with the search words."""
    now, before, here = _NOW, _BEFORE, "article_words match terms(:q)"
    if asked.exact:
        now = f"({_exactly(now)} and {_EXACTLY_NOW})"
        before = f"{_exactly(before)[:-1]} and {_EXACTLY_BEFORE})"
        here = f"{_exactly(here)}{_AND}{_EXACTLY_NOW}"
    if asked.gone:
        return "articles a", f"{before}\n   and not {now}"
    if asked.ever:
        return "articles a", f"({now}\n    or {before})"
    return "article_words join articles a on a.search_id = article_words.rowid", here


def _exactly(sql: str) -> str:
    """The condition for the articles whose texts `zh_exact` has to read."""
    return sql.replace("terms(:q)", "terms(:q, 1)")
