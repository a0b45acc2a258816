"""The history of the schema: every step that ever changed archive.db, never edited once released. Views are apart."""

import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from archive.files import Database, Migrations, written_at
from archive.rows import connect
from archive.schema import drop_views, make_views, views_differ
from archive.search import make_empty_indexes

GENERATION = 3  # PRAGMA user_version; version 0.1 had none, and schemas before this one are not read any more

CHECK = re.compile(r" check \(\w+ in \([^()]*\)\)")
CLOSED = (  # the tables of ours that had a CHECK; tables of others keep theirs
    "applied", "article_media", "article_people", "articles", "captures", "change_records", "coverage", "frontier",
    "revision_records", "sightings",
)  # fmt: skip

migrations = Migrations("archive")


def migrate(db: Database) -> None:
    """Bring a database to today's schema: apply the steps that it lacks, then recreate the views if they differ.

    An empty database becomes a copy of one to which this process applied every step, once. Empty search indexes get
    today's fields; indexes with rows are rebuilt when rules are derived, as that takes time.

    No step creates a view, so a view's text is edited in place and no released step changes with it. Views are dropped
    before a step runs: SQLite refuses to alter a table while a view on it does not fit.
    """
    if not db.execute("select 1 from sqlite_schema limit 1").fetchone():
        with closing(sqlite3.connect(":memory:")) as made:
            made.deserialize(_empty())
            made.backup(db.conn)  # in one transaction: a process that is killed leaves nothing or everything
        return
    _change(db)


@cache
def _empty() -> bytes:
    """An archive's database without rows, as SQLite writes it to a file."""
    with closing(connect(Path(":memory:"))) as conn:
        _change(Database(conn))
        return conn.serialize()


def _change(db: Database) -> None:
    if migrations.pending(db):
        drop_views(db.conn)
        migrations.apply(db)
    if views_differ(db.conn):
        make_views(db.conn)
    make_empty_indexes(db.conn)


def is_pending(db: Database) -> bool:
    """True if the database lacks a step, or if a view of ours differs: a writing command would change the schema."""
    return bool(migrations.pending(db)) or views_differ(db.conn)


@migrations()
def m001_sources_and_crawls(db: Database) -> None:
    """Create the tables of sources, crawls, the slots they were due in, and the share of pages with each property."""
    _run(
        db,
        f"pragma user_version = {GENERATION}",
        """create table sources (
            name text primary key,
            publisher text,
            homepage text,
            timezone text,
            in_language text
        )""",
        """create table crawls (
            id integer primary key,
            key text not null unique,
            source text not null references sources(name),
            due_at text,
            started_at text not null,
            finished_at text,
            finish_reason text,
            requests integer not null default 0,
            captures integer not null default 0,
            revisits integer not null default 0,
            new_articles integer not null default 0,
            new_revisions integer not null default 0,
            errors integer not null default 0
        )""",
        "create index crawls_source on crawls(source, started_at)",
        "create index crawls_open on crawls(source) where finished_at is null",
        """create table coverage (
            source text not null references sources(name),
            due_at text not null,
            started_at text,
            finished_at text,
            outcome text not null check (outcome in ('done', 'late', 'missed', 'failed')),
            crawl_id integer references crawls(id),
            primary key (source, due_at)
        )""",
        """create table field_coverage (
            crawl_id integer not null references crawls(id),
            property text not null,
            pages integer not null,
            filled integer not null,
            primary key (crawl_id, property)
        ) without rowid""",
    )


@migrations()
def m002_captures(db: Database) -> None:
    """Create the tables of captures, one row per retrieval, and of the place and digest of every WARC record.

    Also those of the applied bytes of each file, of damage, and of the ranges that ledger lines commit to.
    """
    _run(
        db,
        """create table captures (
            id integer primary key,
            record_id text not null unique,
            source text not null references sources(name),
            crawl_id integer references crawls(id),
            url text not null,
            urlkey text not null,
            captured_at text not null,
            status integer,
            mimetype text,
            record_type text not null check (record_type in ('response', 'revisit', 'resource')),
            payload_digest text,
            refers_to text,
            etag text,
            last_modified text,
            warc_file text not null,
            warc_offset integer not null,
            warc_length integer not null,
            kind text not null default 'article',
            pages integer,
            verdict text check (verdict in ('article', 'not_article', 'gone', 'restricted', 'blocked', 'layout',
                'incomplete', 'crashed', 'quarantined')),
            parser_version text,
            parse_error text
        )""",
        "create index captures_urlkey on captures(urlkey, captured_at)",
        "create index captures_moment on captures(captured_at)",
        "create index captures_crawl on captures(crawl_id)",
        "create index captures_refers_to on captures(refers_to) where refers_to is not null",
        "create index captures_pages on captures(source) where pages is not null and record_type <> 'revisit'",
        """create index captures_undecided on captures(source)
            where verdict is null and parse_error is null and record_type <> 'revisit' and kind = 'article'""",
        "create index captures_quarantined on captures(source) where verdict = 'quarantined'",
        "create index captures_waiting on captures(source) where verdict = 'layout'",
        """create table warc_records (
            warc_file text not null,
            warc_offset integer not null,
            warc_length integer not null,
            record_id text not null,
            warc_type text not null,
            sha256 blob not null,
            primary key (warc_file, warc_offset)
        ) without rowid""",
        "create index warc_records_id on warc_records(record_id)",
        """create table applied (
            kind text not null check (kind in ('warc', 'ledger')),
            name text not null,
            bytes integer not null,
            head text,
            primary key (kind, name)
        ) without rowid""",
        """create table damage (
            chain text not null,
            file text not null,
            warc_offset integer not null,
            bytes integer not null,
            detail text not null,
            primary key (chain, file, warc_offset)
        ) without rowid""",
        """create table warc_ranges (
            warc_file text not null,
            first_byte integer not null,
            length integer not null,
            sha256 text not null,
            line_digest text not null,
            primary key (warc_file, first_byte)
        ) without rowid""",
    )


@migrations()
def m003_articles(db: Database) -> None:
    """Create the tables of articles with their current texts, and of their addresses, media and links."""
    _run(
        db,
        """create table articles (
            id integer primary key,
            key text not null unique,
            search_id integer not null unique,
            source text not null references sources(name),
            url text not null,
            canonical_url text,
            headline text not null,
            alternative_headline text,
            kicker text,
            article_section text,
            speaker text,
            standfirst text,
            date_published text,
            date_published_utc text,
            date_published_raw text,
            date_precision text,
            published_date text,
            published_month text,
            date_modified text,
            in_language text,
            source_line text,
            characters integer not null,
            first_seen_at text not null,
            last_seen_at text not null,
            first_missed_at text,
            last_missed_at text,
            misses integer not null default 0,
            state text not null default 'live' check (state in ('live', 'unvisited', 'unreachable', 'soft_gone',
                'redirected', 'delisted', 'removed', 'restricted', 'withdrawn')),
            revisions integer not null,
            shown_at text not null,
            content_digest text not null,
            details text not null,
            body_text text not null
        )""",
        "create index articles_published on articles(date_published_utc)",
        "create index articles_source on articles(source, date_published_utc)",
        "create index articles_section on articles(article_section, date_published_utc)",
        "create index articles_speaker on articles(speaker) where speaker is not null",
        "create index articles_month on articles(published_month)",
        "create index articles_state on articles(state)",
        """create table addresses (
            source text not null references sources(name),
            urlkey text not null,
            article_id integer not null references articles(id),
            url text not null,
            first_seen_at text not null,
            last_seen_at text not null,
            primary key (source, urlkey)
        ) without rowid""",
        "create index addresses_article on addresses(article_id)",
        """create table article_media (
            article_id integer not null references articles(id),
            position integer not null,
            url text not null,
            kind text not null check (kind in ('image', 'attachment')),
            caption text,
            capture_id integer references captures(id),
            primary key (article_id, position)
        ) without rowid""",
        """create table related_records (
            article_id integer not null references articles(id),
            position integer not null,
            url text,
            urlkey text,
            headline text not null,
            teaser text,
            primary key (article_id, position)
        ) without rowid""",
    )


@migrations()
def m004_people_and_keywords(db: Database) -> None:
    """Create the tables of people with their roles in articles, and of keywords."""
    _run(
        db,
        """create table keywords (
            id integer primary key,
            name text not null,
            in_language text
        )""",
        "create unique index keywords_name on keywords(name, coalesce(in_language, ''))",
        """create table article_keywords (
            article_id integer not null references articles(id),
            keyword_id integer not null references keywords(id),
            position integer not null,
            primary key (article_id, keyword_id)
        ) without rowid""",
        "create index article_keywords_keyword on article_keywords(keyword_id)",
        """create table people (
            id integer primary key,
            name text not null unique,
            biography text,
            biography_at text
        )""",
        """create table article_people (
            article_id integer not null references articles(id),
            person_id integer not null references people(id),
            role text not null check (role in ('speaker', 'author', 'editor')),
            position integer not null,
            primary key (article_id, role, person_id)
        ) without rowid""",
        "create index article_people_person on article_people(person_id)",
    )


@migrations()
def m005_revisions(db: Database) -> None:
    """Create the tables of sightings of an article, its distinct texts, and the revisions that follow from both."""
    _run(
        db,
        """create table states (
            id integer primary key,
            article_id integer not null references articles(id),
            content_digest text not null,
            headline text not null,
            parser_version text not null,
            recorded_at text not null,
            conversion_id text not null,
            conversion_digest text not null,
            unique (article_id, content_digest)
        )""",
        """create table state_texts (
            state_id integer primary key references states(id),
            article_id integer not null references articles(id),
            headline text not null,
            alternative_headline text,
            speaker text,
            keywords text not null,
            body_text text not null,
            details text not null
        )""",
        "create index state_texts_article on state_texts(article_id)",
        # No column here or below has a foreign key to states or revisions: each deletion of one would scan a whole
        # table. `thinker verify --deep` compares them all.
        """create table sightings (
            article_id integer not null references articles(id),
            captured_at text not null,
            capture_id integer not null references captures(id),
            parser_version text not null,
            state_id integer not null,
            origin text not null check (origin in ('site', 'import', 'reparse', 'operator')),
            page integer,
            reparse text,
            revision_id integer,
            recorded_at text,
            digest blob,
            previous_digest blob,
            primary key (article_id, captured_at, capture_id, parser_version)
        ) without rowid""",
        "create index sightings_capture on sightings(capture_id)",
        "create index sightings_reparse on sightings(reparse) where reparse is not null",
        """create table revision_records (
            id integer primary key,
            article_id integer not null references articles(id),
            position integer not null,
            run integer not null,
            number integer,
            captured_at text not null,
            recorded_at text not null,
            capture_id integer not null references captures(id),
            state_id integer not null,
            origin text not null check (origin in ('site', 'import', 'reparse', 'operator')),
            parser_version text not null,
            significance text not null check (significance in ('substantive', 'cosmetic')),
            before_id integer,
            after_id integer
        )""",
        "create index revision_records_article on revision_records(article_id, position)",
        """create table change_records (
            id integer primary key,
            revision_id integer not null references revision_records(id),
            property text not null,
            significance text not null check (significance in ('substantive', 'cosmetic'))
        )""",
        "create index change_records_revision on change_records(revision_id)",
        "create index change_records_property on change_records(property)",
    )


@migrations()
def m006_events(db: Database) -> None:
    """Create the table of events.

    `new` and `edited` follow from the revisions; each other row is one line of a hash chain.
    """
    _run(
        db,
        """create table events (
            id integer primary key,
            at text not null,
            recorded_at text not null,
            source text not null references sources(name),
            article_id integer references articles(id),
            kind text not null,
            revision_id integer references revision_records(id),
            detail text not null,
            previous_digest text,
            digest text unique
        )""",
        "create index events_revision on events(revision_id) where revision_id is not null",
        "create index events_at on events(at)",
        "create index events_article on events(article_id)",
        "create index events_kind on events(kind, at)",
    )


@migrations()
def m007_frontier_and_health(db: Database) -> None:
    """Create operational tables: addresses to fetch, and the last results of health rules. Rebuilt, never cited."""
    _run(
        db,
        """create table frontier (
            urlkey text not null,
            source text not null references sources(name),
            url text not null,
            kind text not null,
            due_at text not null,
            published_at text,
            lease_token text,
            lease_until text,
            attempts integer not null default 0,
            etag text,
            last_modified text,
            last_status integer,
            last_fetched_at text,
            primary key (source, urlkey)
        ) without rowid""",
        "create index frontier_due on frontier(source, due_at)",
        "create index frontier_leased on frontier(source, lease_until) where lease_token is not null",
        """create table health (
            name text primary key,
            ok integer not null,
            detail text not null,
            checked_at text not null
        )""",
    )


@migrations()
def m008_search(db: Database) -> None:
    """Create the indexes for Chinese search: bigrams and single characters; current and superseded states apart."""
    columns = "body_text, headline, alternative_headline, speaker, keywords"
    options = "content='', contentless_delete=1, tokenize='ascii'"
    _run(
        db,
        f"create virtual table articles_fts using fts5({columns}, {options})",
        f"create virtual table revisions_fts using fts5({columns}, {options})",
        # A group of 32 articles is one segment. Merging segments while a crawl writes costs more than writing them:
        # they are merged at its end (search.index.merge), and by FTS5 itself when 64 have gathered. At a crawl's end a
        # level of fewer than eight segments is left alone: queries cost little more, merging half.
        *(
            f"insert into {table} ({table}, rank) values ('{option}', {value})"
            for table in ("articles_fts", "revisions_fts")
            for option, value in (("automerge", 0), ("crisismerge", 64), ("usermerge", 8))
        ),
    )


@migrations()
def m009_views(db: Database) -> None:
    """Do nothing: `migrate` makes the views. This step once made them."""


@migrations()
def m010_presence(db: Database) -> None:
    """Create the tables of probes, the evidence of absence, and of the entries of every list.

    The latter are operational, like the frontier.
    """
    _run(
        db,
        """create table probes (
            id integer primary key,
            article_id integer not null references articles(id),
            at text not null,
            outcome text not null,
            counted text not null,
            capture_id integer references captures(id),
            witness_id integer references captures(id)
        )""",
        "create index probes_article on probes(article_id, at)",
        """create table lists (
            id integer primary key,
            source text not null references sources(name),
            url text not null,
            crawl text not null,
            readings integer not null,
            pages text not null,
            unique (source, url)
        )""",
        """create table listed (
            list_id integer not null references lists(id),
            urlkey text not null,
            place real not null,
            first integer not null,
            last integer,
            last_record text,
            unlisted text,
            primary key (list_id, urlkey)
        ) without rowid""",
    )


@migrations()
def m011_reparses(db: Database) -> None:
    """Create the tables of reparses, and of the verdicts that captures had before one."""
    _run(
        db,
        """create table reparses (
            id text not null,
            source text not null references sources(name),
            started_at text not null,
            parser_version text not null,
            since text,
            through integer not null default 0,
            finished_at text,
            undone_at text,
            primary key (id, source)
        ) without rowid""",
        """create table reparsed_captures (
            reparse text not null,
            capture_id integer not null references captures(id),
            verdict text,
            parse_error text,
            parser_version text,
            pages integer,
            primary key (reparse, capture_id)
        )""",
        "create index reparsed_captures_capture on reparsed_captures(capture_id)",
    )


@migrations()
def m012_health_in_chinese(db: Database) -> None:
    """Add the result of a health rule in Chinese; null if an earlier version wrote it."""
    _run(db, "alter table health add column detail_zh text")


@migrations()
def m013_robots(db: Database) -> None:
    """Create the table of the robots.txt that each crawl obeyed."""
    _run(
        db,
        """create table crawl_robots (
            crawl_id integer not null references crawls(id),
            capture_id integer not null references captures(id),
            reading text not null,
            primary key (crawl_id, capture_id)
        )""",
        "create index crawl_robots_capture on crawl_robots(capture_id)",
    )


@migrations()
def m014_fair_frontier(db: Database) -> None:
    """Add indexes for a frontier that serves new addresses first, the newest at once.

    Add the number of articles that a crawl saw.
    """
    _run(
        db,
        "alter table frontier add column named_at text",
        "alter table frontier add column place integer not null default 0",
        "alter table frontier add column given_up text check (given_up in ('failed', 'refused'))",
        """create index frontier_untried on frontier(source, published_at desc, named_at desc, place)
            where last_fetched_at is null and attempts = 0""",
        "create index frontier_tried on frontier(source, due_at) where last_fetched_at is null and attempts > 0",
        "create index frontier_given_up on frontier(source) where given_up is not null",
        "drop index frontier_due",
        "alter table crawls add column articles_seen integer",
        "create index frontier_due on frontier(source, due_at) where last_fetched_at is not null",
    )


@migrations()
def m015_truncated(db: Database) -> None:
    """Add the reason why a capture's payload is only a part (ISO 28500 §5.13)."""
    _run(db, "alter table captures add column truncated text")


@migrations()
def m016_removed_is_confirmed(db: Database) -> None:
    """Do nothing: `migrate` makes the views. This step once made one anew."""


@migrations()
def m017_unchanged_lists(db: Database) -> None:
    """Add the last reading of each list, with its lastmod and declaration: an unchanged list need not be read again."""
    _run(
        db,
        "alter table lists add column read_at text",
        "alter table lists add column lastmod text",
        "alter table lists add column declared text",
    )


@migrations()
def m018_by_time_and_place(db: Database) -> None:
    """Create indexes to count articles by day and month, for all, a section or a source."""
    _run(
        db,
        "drop index articles_month",
        "drop index articles_source",
        "drop index articles_section",
        "create index articles_calendar on articles(published_month, published_date, state)",
        "create index articles_source on articles(source, date_published_utc, published_month, state)",
        "create index articles_section on articles(article_section, date_published_utc, published_month, state)",
        # Reading a row costs five times as much as this index, and a keyword may have half of all articles.
        "create index articles_months on articles(id, published_month, state)",
        "create index articles_bodiless on articles(id) where characters = 0",
    )


@migrations()
def m019_events_of_a_source(db: Database) -> None:
    """Create an index to filter a million events by source and kind."""
    _run(db, "create index events_source on events(source, kind, at)")


@migrations()
def m020_views_without_withdrawn(db: Database) -> None:
    """Create an index of captures with a parse error. (This step also recreated the views.)"""
    _run(db, "create index captures_unparsed on captures(captured_at) where parse_error is not null")


@migrations()
def m021_found_by_an_index(db: Database) -> None:
    """Create indexes to count many hits, and to find the last missed articles, without reading every row."""
    _run(
        db,
        "drop index articles_state",
        "create index articles_state on articles(state, first_missed_at)",
        """create index articles_found on articles(search_id, state, date_published_utc, published_date,
               first_seen_at, source, article_section, speaker)""",
    )


@migrations()
def m022_weixin_by_its_own_parameters(db: Database) -> None:
    """Do nothing: rules give rows today's keys. (Parameters that readers add to WeChat addresses left the urlkey.)"""


@migrations()
def m023_no_closed_lists(db: Database) -> None:
    """Remove the CHECKs on values of columns from the schema (the values are in archive/schema/closed_lists.py).

    A CHECK is no part of a row, so the tables' texts are edited in sqlite_schema instead of recreating the tables, as
    SQLite's documentation describes (sqlite.org/lang_altertable.html, section 8).
    """
    (version,) = db.execute("pragma schema_version").fetchone()
    tables = db.execute("select name, sql from sqlite_schema where type = 'table'").fetchall()
    db.execute("pragma writable_schema = on")
    for name, sql in tables:
        if name in CLOSED:
            db.execute("update sqlite_schema set sql = ? where type = 'table' and name = ?", (CHECK.sub("", sql), name))
    db.execute(f"pragma schema_version = {version + 1}")
    db.execute("pragma writable_schema = reset")


@migrations()
def m024_numbers_of_rules(db: Database) -> None:
    """Create the table of the numbers of the rules that rows follow; earlier archives follow the first of each."""
    _run(
        db,
        "create table rules (name text primary key, number integer not null)",
        "insert into rules values ('significance', 1), ('words', 1), ('identity', 1)",
    )


@migrations()
def m025_captures_without_a_moment(db: Database) -> None:
    """Mark captures, and their sightings, whose moment is unknown.

    Earlier resource records were dated by a file's time; now their date is the moment at which they were written, which
    their ids contain. The histories of their articles are derived by the rule `dating`.
    """
    db.conn.create_function("written_at", 1, written_at, deterministic=True)
    _run(
        db,
        "alter table captures add column dating text not null default 'stated'",
        """update captures set dating = 'unknown', captured_at = coalesce(written_at(record_id), captured_at)
            where record_type = 'resource'""",
        "alter table sightings add column undated integer not null default 0",
        """update sightings set undated = 1,
                  captured_at = (select captured_at from captures where id = sightings.capture_id)
            where capture_id in (select id from captures where dating = 'unknown')""",
        "create index captures_undated on captures(source, urlkey) where dating = 'unknown'",
        "create index sightings_undated on sightings(article_id) where undated",
        "insert into rules select 'dating', 1 where not exists (select 1 from captures where dating = 'unknown')",
    )


@migrations()
def m026_missing_and_not_judged(db: Database) -> None:
    """Add since when an article is not judged, and create the table of failing lists (operational, like `lists`)."""
    _run(
        db,
        "alter table articles add column unjudged_since text",
        "create index articles_unjudged on articles(unjudged_since) where unjudged_since is not null",
        """create table failing_lists (
            source text not null references sources(name),
            url text not null,
            failed_url text not null,
            cause text not null,
            crawl text not null,
            crawls integer not null,
            since text not null,
            answered_at text,
            primary key (source, url)
        ) without rowid""",
    )


@migrations()
def m027_articles_that_answered(db: Database) -> None:
    """Add the numbers of known articles that a crawl requested and that answered.

    Create indexes of crawls with answers, and to count the ends of crawls and slots.
    """
    _run(
        db,
        "alter table crawls add column articles_asked integer",
        "alter table crawls add column articles_answered integer",
        "create index crawls_answered on crawls(source, started_at) where articles_answered > 0",
        "create index crawls_ends on crawls(source, finish_reason)",
        "create index coverage_outcomes on coverage(source, outcome)",
    )


@migrations()
def m028_addresses_of_one_key(db: Database) -> None:
    """Add the other addresses of a waiting article, and create the table of undeclared hosts; both are operational."""
    _run(
        db,
        "alter table frontier add column other_urls text",
        """create table undeclared_hosts (
            source text not null references sources(name),
            host text not null,
            url text not null,
            articles integer not null,
            by text not null,
            at text not null,
            primary key (source, host, by)
        ) without rowid""",
    )


@migrations()
def m029_indexes_have_other_names(db: Database) -> None:
    """Rename the search indexes: a bare `match` on the former names found no Chinese, without an error.

    Views with the former names explain the new ones (`views.SIGNPOSTS`). FTS5 renames without reading rows. Without the
    pragma SQLite would write the new name into views made by others, and fail at one with `match`.
    """
    _run(
        db,
        "pragma legacy_alter_table = on",
        "alter table articles_fts rename to article_words",
        "alter table revisions_fts rename to revision_words",
        "pragma legacy_alter_table = off",
    )


@migrations()
def m030_sections_of_lists(db: Database) -> None:
    """Add the section under which a feed named an article: in the frontier, its capture and its row."""
    _run(
        db,
        "alter table frontier add column section text",
        "alter table captures add column listed_section text",
        "create index captures_listed on captures(source) where listed_section is not null",
        "alter table articles add column listed_section text",
    )


@migrations()
def m031_keys_and_acts(db: Database) -> None:
    """Every key that ever named an article, the key of each sighting, and the acts that make articles one or two.

    The number of a key stands for it in the rows that are many. `other_conversions` are the records of a text that
    several keys of one article have: a state names one of them.
    """
    _run(
        db,
        """create table keys (
            key text primary key,
            number integer not null unique,
            article_id integer not null references articles(id),
            source text not null,
            state text,
            misses integer,
            first_missed_at text,
            last_missed_at text,
            unjudged_since text
        ) without rowid""",
        "create index keys_article on keys(article_id)",
        "insert into keys (key, number, article_id, source) select key, id, id, source from articles",
        *(
            statement
            for table in ("sightings", "states", "probes", "addresses")
            for statement in (
                f"alter table {table} add column key_number integer",
                f"update {table} set key_number = article_id",
            )
        ),
        "alter table events add column key_number integer",
        "update events set key_number = article_id where kind not in ('new', 'edited')",
        """create table other_conversions (
            article_id integer not null references articles(id),
            content_digest text not null,
            key_number integer not null,
            parser_version text not null,
            recorded_at text not null,
            conversion_id text not null,
            conversion_digest text not null,
            primary key (article_id, content_digest, key_number)
        ) without rowid""",
        """create table acts (
            id integer primary key,
            digest text not null unique,
            chain text not null,
            at text not null,
            recorded_at text not null,
            kind text not null,
            key text,
            record_id text,
            by text,
            reason text,
            note text,
            detail text not null,
            undone_by text
        )""",
        """create table joins (
            number integer not null,
            other integer not null,
            act text not null,
            parted_by text,
            primary key (number, other, act)
        ) without rowid""",
        "create index joins_other on joins(other)",
    )


@migrations()
def m032_corrections(db: Database) -> None:
    """Add the corrections of articles' properties by the operator: each row is of an act that stands."""
    _run(
        db,
        """create table corrections (
            id integer primary key,
            key_number integer not null,
            property text not null,
            value text,
            value_digest text,
            at text not null,
            act text not null unique
        )""",
        "create index corrections_key on corrections(key_number)",
    )


@migrations()
def m033_hidden_articles(db: Database) -> None:
    """The keys that acts withdrew, the texts of their articles by digest, and for each hidden article the act."""
    _run(
        db,
        "alter table articles add column withdrawn_by text",
        "create table hidden_keys (key text primary key, act text not null) without rowid",
        """create table hidden_texts (
            kind text not null,
            digest text not null,
            article_id integer not null,
            primary key (kind, digest, article_id)
        ) without rowid""",
        "create index captures_payload on captures(substr(payload_digest, 8, 8)) where record_type <> 'revisit'",
        "create index hidden_texts_article on hidden_texts(article_id)",
    )


@migrations()
def m034_works_at_other_addresses(db: Database) -> None:
    """Create the indexes by which an article is found that has the headline of another, and the acts on a key.

    Also the addresses without the parameters that a source drops, with the capture up to which they are entered.
    """
    _run(
        db,
        "create index articles_headline on articles(headline)",
        "create index acts_key on acts(key)",
        "create index acts_undone on acts(kind) where undone_by is not null",
        """create table plain_addresses (
            source text not null references sources(name),
            plain_key text not null,
            urlkey text not null,
            primary key (source, plain_key, urlkey)
        ) without rowid""",
        """create table plain_reach (
            source text primary key references sources(name),
            parameters text not null,
            through integer not null
        ) without rowid""",
    )


@migrations()
def m035_addresses_of_several_sources(db: Database) -> None:
    """List the addresses that several sources have, and mark the crawls of single addresses.

    The list is operational: `archive.judging.acting.doubles` makes one article of what stands at such an address, and
    takes the address off the list. The trigger puts new ones on it.
    """
    _run(
        db,
        "create table shared_addresses (urlkey text primary key) without rowid",
        "insert into shared_addresses select urlkey from addresses group by urlkey having count(*) > 1",
        """create trigger addresses_shared after insert on addresses
            when exists (select 1 from sources s join addresses d on d.source = s.name and d.urlkey = new.urlkey
                          where s.name <> new.source)
        begin
            insert into shared_addresses select new.urlkey
             where not exists (select 1 from shared_addresses where urlkey = new.urlkey);
        end""",
        "alter table crawls add column is_single integer",
    )


@migrations()
def m036_found_in_a_language(db: Database) -> None:
    """Add the language to the index from which the facts of many hits are read, without reading every row."""
    _run(
        db,
        "drop index articles_found",
        """create index articles_found on articles(search_id, state, date_published_utc, published_date,
               first_seen_at, source, article_section, speaker, in_language)""",
    )


@migrations()
def m037_addresses_are_looked_up_by_source(db: Database) -> None:
    """Look for an address under each source: SQLite read all addresses whenever one was added."""
    _run(
        db,
        "drop trigger addresses_shared",
        """create trigger addresses_shared after insert on addresses
            when exists (select 1 from sources s cross join addresses d on d.source = s.name and d.urlkey = new.urlkey
                          where s.name <> new.source)
        begin
            insert into shared_addresses select new.urlkey
             where not exists (select 1 from shared_addresses where urlkey = new.urlkey);
        end""",
    )


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)
