"""Questions people ask, as views that plain Datasette and sqlite-utils show too."""

import sqlite3
from collections.abc import Callable

from archive.properties import PROPERTIES, said_before, said_now
from archive.rules import DISAPPEARED


def _value(row: str, said: Callable[[str], str]) -> str:
    """SQL for the value of the property that `c.property` names, as text; a list has one item a line.

    row: the alias of a table that holds a state. said: gives the SQL for a property's value, by its name.
    """
    expressions = {each.name: said(each.name) for each in PROPERTIES if each.in_digest}
    cases = "".join(
        f"""
            when '{name}' then {expression}"""
        for name, expression in expressions.items()
        if expression != f"{row}.details ->> '$.{name}'"
    )
    return f"""nullif(case c.property{cases}
            else {row}.details ->> ('$.' || c.property) end, '')"""


_OF_CURRENT = _value("a", said_now)
_OF_EARLIER = _value("t", said_before)


def _side(state: str) -> str:
    """SQL for the changed property's value in one of the two compared states: `before_id` or `after_id`."""
    return f"""case when exists (select 1 from state_texts where state_id = r.{state})
            then (select {_OF_EARLIER} from state_texts t where t.state_id = r.{state})
            else (select {_OF_CURRENT} from articles a
                   where a.id = r.article_id and r.{state} is not null) end"""


PARTS = (
    """create view related_links as
    select l.article_id, l.position, l.url, l.headline, l.teaser,
           (select d.article_id from articles a join addresses d on d.source = a.source and d.urlkey = l.urlkey
             where a.id = l.article_id) as target_article_id
      from related_records l""",
    """create view revisions as
    select r.id, r.article_id, r.number, r.captured_at, r.recorded_at, r.capture_id, s.content_digest,
           r.origin, r.parser_version, s.headline, coalesce(t.body_text, a.body_text) as body_text,
           r.significance, r.position, r.run, iif(r.run < 0, 'unknown', 'stated') as dating
      from revision_records r
      join states s on s.id = r.state_id
      join articles a on a.id = r.article_id
      left join state_texts t on t.state_id = r.state_id""",
    """create view revision_captures as
    select distinct r.id as revision_id, g.capture_id
      from sightings g
      join revision_records r on r.article_id = g.article_id and r.id = g.revision_id""",
    f"""create view changes as
    select c.id, c.revision_id, c.property,
           {_side("before_id")} as before,
           {_side("after_id")} as after,
           c.significance
      from change_records c
      join revision_records r on r.id = c.revision_id""",
)
QUESTIONS = (
    """create view latest_articles as
    select key, headline, article_section, speaker, published_date, source, state, revisions, url
      from articles where state <> 'withdrawn' order by search_id desc""",
    """create view latest_changes as
    select e.at, e.kind, a.key, a.headline, c.property, c.significance, e.source
      from events e
      join articles a on a.id = e.article_id
      left join change_records c on c.revision_id = e.revision_id
     where e.kind not in ('new', 'reparsed') and a.state <> 'withdrawn'
     order by e.at desc""",
    f"""create view removed_articles as
    select key, headline, state, published_date, last_seen_at, first_missed_at, source, url
      from articles where state in {DISAPPEARED}
     order by first_missed_at desc""",
    """create view authors as
    select p.name as author, signed.articles, signed.first_on, signed.last_on
      from (select ap.person_id, count(*) as articles,
                   min(a.published_date) as first_on, max(a.published_date) as last_on
              from article_people ap
              join articles a on a.id = ap.article_id
             where ap.role = 'author' and a.state <> 'withdrawn'
             group by ap.person_id) signed
      join people p on p.id = signed.person_id
     order by 2 desc, 1""",
    """create view speakers_by_year as
    select p.name as speaker, substr(a.published_month, 1, 4) as year, count(*) as articles
      from article_people ap
      join people p on p.id = ap.person_id
      join articles a on a.id = ap.article_id
     where ap.role = 'speaker' and a.state <> 'withdrawn'
     group by 1, 2 order by 2 desc, 3 desc""",
    """create view articles_by_month as
    select source, published_month, count(*) as articles, sum(characters) as characters,
           sum(revisions > 1) as edited, sum(state = 'removed') as removed
      from articles where state <> 'withdrawn' group by 1, 2 order by 2 desc, 1""",
    """create view keywords_by_articles as
    select k.name, k.in_language, count(*) as articles
      from article_keywords ak join keywords k on k.id = ak.keyword_id
     where ak.article_id not in (select id from articles where state = 'withdrawn')
     group by k.id order by articles desc""",
)


INDEXES = {"articles_fts": "article_words", "revisions_fts": "revision_words"}  # by their names before m029


def _signpost(name: str, joined: str, command: str) -> str:
    """SQL that creates a view under the former name of an index: its rows tell readers how to query the index now.

    joined: SQL of the condition that joins the index to its table. command: the same search on the command line.
    `match` on the view is an error.
    """
    index = INDEXES[name]
    ways = (
        ("the site 本站", f"where {index} match terms('城市治理')", joined),
        (
            "plain SQL: pairs of neighbours 其他 SQL：相邻两字成对",
            f"""where {index} match '"城市 市治 治理"'""",
            joined,
        ),
        ("the command line 命令行", f"{command} 城市治理", None),
    )
    rows = ", ".join(f"({', '.join(map(_quoted, way))})" for way in ways)
    return f"""create view {name} as
    with ways(ask_on, how_to_ask, joined_by) as (values {rows})
    select * from ways"""


def _quoted(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


# The indexes hold pairs of neighbouring characters, so a bare `match '城市治理'` finds nothing, without an error.
SIGNPOSTS = (
    _signpost("articles_fts", "articles.search_id = article_words.rowid", "thinker search"),
    _signpost("revisions_fts", "state_texts.state_id = revision_words.rowid", "thinker search --ever"),
)
ANSWERING = tuple(view.split()[2] for view in QUESTIONS)
VIEWS = (*PARTS, *QUESTIONS, *SIGNPOSTS)  # joined tables; readers' questions; how to ask an index
FORMER: tuple[str, ...] = ()  # names of views of ours in older archives, to be dropped


def views_differ(conn: sqlite3.Connection) -> bool:
    """True if a view of ours is missing or has another text, or if a view that only earlier versions had is there."""
    stored = dict(conn.execute("select name, sql from sqlite_schema where type = 'view'").fetchall())
    return not {*stored.values()}.issuperset(map(_stored, VIEWS)) or not stored.keys().isdisjoint(FORMER)


def make_views(conn: sqlite3.Connection) -> None:
    """Drop every view of ours and create it anew, without a transaction of its own.

    After a crash in between some are missing: the next writing command sees that (`views_differ`) and calls this again.
    """
    drop_views(conn)
    for view in VIEWS:
        conn.execute(view)


def drop_views(conn: sqlite3.Connection) -> None:
    """Drop our views, those of earlier versions too; views by others stay, and so do tables with the name of one."""
    there = {name for (name,) in conn.execute("select name from sqlite_schema where type = 'view'").fetchall()}
    for name in (*map(_name, VIEWS), *FORMER):
        if name in there:
            conn.execute(f"drop view {name}")


def _name(view: str) -> str:
    return view.split()[2]


def _stored(view: str) -> str:
    """A view's SQL as SQLite stores it: the first two words in capitals (sqlite.org/schematab.html)."""
    return view.replace("create view", "CREATE VIEW", 1)
