"""The schema is the same from every earlier one, and a view that was edited is made anew without a step."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database
from support.archiving import NOON, crawl, page
from support.tables import every_row

from archive import open_archive, read_archive
from archive.files.versions import OtherVersion
from archive.migrations import migrate, migrations
from archive.replaying.proof import prove
from archive.rows.connection import connect
from archive.schema import views
from archive.schema.views import VIEWS

STEPS = [migration.name for migration in migrations._migrations]


def schema(db: Database) -> list[tuple[str, str, str]]:
    return db.execute(
        "select type, name, sql from sqlite_schema where name not like '%migrations%' order by 1, 2"
    ).fetchall()


def database(*, stop_before: str | None = None) -> Database:
    """A database with the steps before that one, or with all of them and the views."""
    db = Database(connect(Path(":memory:")))
    if stop_before is None:
        migrate(db)
    else:
        migrations.apply(db, stop_before=stop_before)
    return db


@pytest.mark.slow
@every_row("step", STEPS)
def test_from_any_step_on_the_schema_becomes_that_of_today(step: str):
    with closing(database(stop_before=step)) as earlier, closing(database()) as today:
        migrate(earlier)
        assert schema(earlier) == schema(today)


def test_a_foreign_table_keeps_its_check():
    with closing(database(stop_before="m023_no_closed_lists")) as db:
        db.execute("create table theirs (kind text check (kind in ('a', 'b')))")
        migrate(db)
        assert "check (kind in ('a', 'b'))" in db["theirs"].schema
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)


def test_an_index_keeps_its_rows_when_a_view_takes_its_name():
    with closing(database(stop_before="m029_indexes_have_other_names")) as db:
        for name, place in (("articles_fts", 7), ("revisions_fts", 8)):
            db.execute(f"insert into {name} (rowid, body_text) values (?, '城市 市治 治理 理')", (place,))
        migrate(db)
        found = [
            db.execute(f"select rowid from {name} where {name} match '\"城市 市治\"'").fetchall()
            for name in ("article_words", "revision_words")
        ]
        assert (found, db.execute("pragma integrity_check").fetchone()) == ([[(7,)], [(8,)]], ("ok",))


def test_foreign_views_do_not_prevent_the_renaming_of_an_index():
    asked = "select rowid from articles_fts where articles_fts match '\"城市\"'"
    with closing(database(stop_before="m029_indexes_have_other_names")) as db:
        db.execute(f"create view theirs as {asked}")
        db.execute("create view broken as select * from no_such_table")
        migrate(db)
        assert db["theirs"].schema == f"CREATE VIEW theirs as {asked}"
        with pytest.raises(sqlite3.OperationalError, match="no such column: articles_fts"):
            db.execute("select * from theirs")
        assert db.execute("pragma legacy_alter_table").fetchone() == (0,)


def test_no_step_makes_a_view():
    with closing(Database(connect(Path(":memory:")))) as db:
        migrations.apply(db)
        assert db.view_names() == []


@pytest.mark.parametrize(
    "change",
    [
        "drop view changes",
        "drop view changes; create view changes as select 1",
        "drop view removed_articles; create view removed_articles as select key from articles where state = 'removed'",
    ],
)
def test_a_view_of_another_text_is_made_anew_by_who_writes_and_refused_to_who_reads(tmp_path: Path, change: str):
    with closing(open_archive(tmp_path / "home")) as archive:
        crawl(archive, NOON, {1: page(1)})
        archive.conn.executescript(f"{change}; create view somebody_elses as select 2 as two")
    with pytest.raises(OtherVersion, match="run `thinker migrate`"):
        read_archive(tmp_path / "home")
    with closing(open_archive(tmp_path / "home")) as archive:
        assert archive.conn.execute("select two from somebody_elses").fetchone() == (2,)
        archive.conn.execute("drop view somebody_elses")
        assert prove(archive, tmp_path) == ()
        assert len(archive.db.view_names()) == len(VIEWS)
    read_archive(tmp_path / "home").close()


def test_a_view_that_is_ours_no_more_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    open_archive(tmp_path).close()
    monkeypatch.setattr(views, "VIEWS", tuple(view for view in VIEWS if " view removed_articles " not in view))
    monkeypatch.setattr(views, "FORMER", ("removed_articles",))
    with pytest.raises(OtherVersion, match="run `thinker migrate`"):
        read_archive(tmp_path)
    with closing(open_archive(tmp_path)) as archive:
        assert "removed_articles" not in archive.db.view_names()
    read_archive(tmp_path).close()
