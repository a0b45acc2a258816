"""Each format, read back by a program that knows nothing of ours, says what SQL says."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from support.tables import every_row
from support.taken_away import BEYOND, HIDDEN, LISTS, NAMES, archive_to_take, told_by_sql

from archive import Archive, read_archive
from archive.files.home import Home
from archive.publish.exporting import DATA_SETS, FORMATS, Slice, rows, write_file
from archive.publish.exporting.writers import parquet_file, xlsx_file
from archive.publish.exporting.writers.txt_files import file_name

Row = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return archive_to_take(tmp_path_factory.mktemp("home"))


@pytest.fixture
def archive(home: Home) -> Iterator[Archive]:
    with closing(read_archive(home.path)) as opened:
        yield opened


EVERYTHING = Slice()


def exported(archive: Archive, form: str, folder: Path, asked: Slice = EVERYTHING) -> Path:
    """The file of an export in this format."""
    path = folder / f"taken{FORMATS[form].ending}"
    write_file(archive.conn, asked, FORMATS[form], path)
    return path


def plain(text: str | None) -> str:
    """A cell of CSV as the codebook says it: without the apostrophe; an empty one is missing."""
    return (text or "").removeprefix("'")


def in_cells(row: Row) -> Row:
    """A row of SQL as a spreadsheet has it: a list in lines, a missing value as an empty cell."""
    return {name: "\n".join(value) if name in LISTS else value for name, value in row.items()}


def from_cells(row: Row) -> Row:
    return {name: plain(row[name]) for name in NAMES}


def as_text(row: Row) -> Row:
    return {name: "" if value is None else str(value) for name, value in in_cells(row).items()}


def typed(row: Row) -> Row:
    """A row of SQL with moments and days."""
    moment, day = row["date_published_utc"], row["published_date"]
    return row | {
        "date_published_utc": moment and datetime.fromisoformat(moment),
        "published_date": day and date.fromisoformat(day),
    }


def test_csv_is_text_whose_cells_are_no_formulas(archive: Archive, home: Home, tmp_path: Path) -> None:
    path = exported(archive, "csv", tmp_path)
    text = path.read_bytes().decode("utf-8-sig")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(map(from_cells, found)) == [
        {name: plain(value) for name, value in as_text(row).items()} for row in told_by_sql(home)
    ]
    strange = next(row for row in found if row["key"] == "newsroom-6")
    beginnings = [strange[name][:2] for name in ("headline", "alternative_headline", "standfirst", "authors")]
    assert beginnings == ["'-", "'+", "' ", "'-"]


def test_jsonl_has_lists_and_chinese_as_it_is(archive: Archive, home: Home, tmp_path: Path) -> None:
    lines = exported(archive, "jsonl", tmp_path).read_text(encoding="utf-8").split("\n")
    found = [json.loads(line) for line in lines[:-1]]
    assert [{name: row[name] for name in NAMES} for row in found] == told_by_sql(home)
    assert "城市才有温度" in lines[0] + lines[1] + lines[2]


def test_xlsx_has_typed_cells_links_and_a_sheet_on_the_columns(archive: Archive, home: Home, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    with closing(load_workbook(exported(archive, "xlsx", tmp_path))) as book:
        header, *cells = list(book["data"].rows)
        names = [cell.value for cell in header]
        assert book.sheetnames == ["data", "说明 codebook"]
        assert book["data"].freeze_panes == "A2"
        found = [dict(zip(names, (cell.value for cell in row), strict=True)) for row in cells]
        links = [row[names.index("url")].hyperlink.target for row in cells]
        told = {row[0].value: row[3].value for row in list(book["说明 codebook"].rows)[1:]}
        kinds = {row[names.index("headline")].data_type for row in cells}
    wanted = [typed(in_cells(row)) for row in told_by_sql(home)]
    assert links == [row["url"] for row in wanted]
    assert kinds == {"s"}  # text, and no formula
    assert list(told) == names
    assert told["captured_at" if "captured_at" in told else "url"]
    for row, sql in zip(found, wanted, strict=True):
        moment, day = sql["date_published_utc"], sql["published_date"]
        text = xlsx_file.fitting(sql["body_text"], sql["permalink"])
        said = sql | {
            "date_published_utc": moment and moment.replace(tzinfo=None),
            "published_date": day and datetime.combine(day, time()),
            "body_text": text,
            "kicker": sql["kicker"] and xlsx_file.fitting(sql["kicker"]),
        }
        assert {name: unescaped(row[name]) for name in NAMES} == {name: said[name] or None for name in NAMES}


def unescaped(value: Any) -> Any:
    """Excel reads `_x0007_` as the character; openpyxl leaves that to us."""
    from openpyxl.utils.escape import unescape

    return unescape(value) if isinstance(value, str) else value


def test_a_cell_has_at_most_what_excel_takes() -> None:
    cut = xlsx_file.fitting(BEYOND, "/a/newsroom-6/v/0123456789ab")
    assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert cut.endswith("𠮷…〔截断 cut: /a/newsroom-6/v/0123456789ab〕")


@every_row(
    ("text", "cell"),
    [
        ("改" * 32_767, "改" * 32_767),
        ("改" * 32_768, "改" * 32_754 + "…〔截断 cut: /a〕"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("<r>甲</r>", "<r>甲</r> "),
        ("\x00\x07", "\x00\x07"),  # which the library writes as Excel does
    ],
)
def test_a_text_too_long_for_a_cell_says_so(text: str, cell: str) -> None:
    assert xlsx_file.fitting(text, "/a") == cell


def test_more_rows_than_a_sheet_holds_continue_on_the_next(archive: Archive) -> None:
    from openpyxl import load_workbook

    found = rows(archive.conn, Slice("events"))
    stream = io.BytesIO()
    xlsx_file.write(DATA_SETS["events"].columns, found, stream, rows_per_sheet=4)
    with closing(load_workbook(stream, read_only=True)) as book:
        sheets = {name: [row[0] for row in book[name].values] for name in book.sheetnames[:-1]}
    assert list(sheets) == [f"data{number}" for number in ("", " 2", " 3")]
    assert [row for sheet in sheets.values() for row in sheet[1:]] == [
        datetime.fromisoformat(row[0]).replace(tzinfo=None) for row in found
    ]
    assert {sheet[0] for sheet in sheets.values()} == {"at"}


def test_parquet_has_types_and_says_what_they_mean(archive: Archive, home: Home, tmp_path: Path) -> None:
    from pyarrow import parquet

    found = parquet.read_table(exported(archive, "parquet", tmp_path))
    assert [{name: row[name] for name in NAMES} for row in found.to_pylist()] == list(map(typed, told_by_sql(home)))
    assert str(found.schema.field("date_published_utc").type) == "timestamp[ms, tz=UTC]"
    told = found.schema.field("characters").metadata
    assert (told[b"unit"], told[b"title_zh"].decode(), told[b"title_en"]) == (b"characters", "字数", b"Characters")


def test_groups_of_rows_are_bounded_by_their_characters() -> None:
    from pyarrow import parquet

    stream = io.BytesIO()
    text = "改" * 200_000
    columns = [each for each in DATA_SETS["coverage"].columns if each.name in ("source", "outcome")]
    parquet_file.write(columns, ((text, str(number)) for number in range(7)), stream)
    file = parquet.ParquetFile(stream)
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [3, 3, 1]


def test_the_database_finds_chinese_without_our_code(archive: Archive, home: Home, tmp_path: Path) -> None:
    path = exported(archive, "sqlite", tmp_path)
    with closing(sqlite3.connect(path)) as taken:
        columns = ", ".join(NAMES)
        found = [
            dict(zip(NAMES, row, strict=True)) for row in taken.execute(f"select {columns} from articles order by id")
        ]
        (how,) = taken.execute("select sql from how_to_search").fetchone()
        hits = {key for key, _ in taken.execute(how)}
        people = taken.execute("select person, role from people where key = 'newsroom-1' order by role").fetchall()
        keywords = taken.execute("select keyword from keywords where key = 'newsroom-1' order by position").fetchall()
        versions = taken.execute(
            "select key, number from revisions where key in ('newsroom-1', 'newsroom-6')"
        ).fetchall()
        told = dict(taken.execute("select name, description_zh from codebook where \"table\" = 'articles'"))
    by_key = {row["key"]: {name: str(value or "") for name, value in row.items()} for row in found}
    assert by_key == {row["key"]: as_text(row) for row in told_by_sql(home)}
    assert hits == {"newsroom-1", "newsroom-4", "newsroom-6"}
    assert people == [("林知远", "author"), ("周一帆", "editor"), ("林知远", "speaker")]
    assert keywords == [("城市治理",), ("基层减负",)]
    assert versions == [
        ("newsroom-1", 1),
        ("newsroom-1", 2),
        ("newsroom-1", None),
        ("newsroom-6", 1),
        ("newsroom-6", 2),
    ]
    assert told["key"] == "永久名称，用于 /a/KEY"


def test_texts_are_one_file_an_article_with_a_header(archive: Archive, home: Home, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(archive, "txt", tmp_path)) as taken:
        texts = {name: taken.read(name).decode() for name in taken.namelist()}
    assert {name: text.partition("\n\n")[2] for name, text in texts.items()} == {
        f"{row['key']}.txt": f"{row['body_text']}\n" for row in told_by_sql(home)
    }
    assert texts["newsroom-2.txt"].splitlines()[:4] == [
        "title: Small things make a city warm",
        "column: Thinker",
        "speaker: Lin Zhiyuan",
        "keywords: governance",
    ]


@every_row(
    ("key", "name"),
    [
        ("shangguan-751736", "shangguan-751736.txt"),
        ("../../etc/passwd", "_.._etc_passwd.txt"),
        (".htaccess", "htaccess.txt"),
        ("a\\b:c\n", "a_b_c_.txt"),
    ],
)
def test_the_name_of_a_text_leads_nowhere_else(key: str, name: str) -> None:
    assert file_name(key) == name


@pytest.mark.parametrize("form", [name for name, each in FORMATS.items() if not each.write_archive])
def test_the_same_rows_give_no_word_of_a_withdrawn_article(archive: Archive, tmp_path: Path, form: str) -> None:
    taken = exported(archive, form, tmp_path)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    if zipfile.is_zipfile(taken):
        with zipfile.ZipFile(taken) as inside:
            everything += b"".join(map(inside.read, inside.namelist()))
    assert [word for word in HIDDEN if word.encode() in everything] == []


@pytest.mark.slow
def test_frictionless_finds_each_data_package_valid(archive: Archive, tmp_path: Path) -> None:
    asked = (
        [("csv", Slice(what)) for what in DATA_SETS]
        + [(form, Slice()) for form in FORMATS if not FORMATS[form].write_archive]
        + [(form, Slice(query="没有")) for form in ("csv", "jsonl", "parquet", "sqlite")]
    )  # no row
    books = []
    for number, (form, each) in enumerate(asked):
        (tmp_path / str(number)).mkdir()
        path = exported(archive, form, tmp_path / str(number), each)
        books.append(str(path.with_name(f"{path.name}.datapackage.json")))
    script = """
import sys
from frictionless import validate
for name in sys.argv[1:]:
    report = validate(name)
    print(name, report.valid, report.flatten(["title", "fieldName", "note"])[:3])
"""
    ended = subprocess.run([sys.executable, "-c", script, *books], capture_output=True, text=True, check=False)
    assert [line for line in ended.stdout.splitlines() if " True []" not in line] == [], ended.stderr
    assert len(ended.stdout.splitlines()) == len(asked)


def _pandas_csv(path: Path) -> list[Row]:
    import pandas

    return pandas.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


def _duckdb_csv(path: Path) -> list[Row]:
    import duckdb

    found = duckdb.read_csv(str(path), all_varchar=True, quotechar='"', escapechar='"')
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def _pandas_jsonl(path: Path) -> list[Row]:
    import pandas

    return pandas.read_json(path, lines=True, dtype=False).astype(object).to_dict("records")


def _duckdb_jsonl(path: Path) -> list[Row]:
    import duckdb

    types = {name: "VARCHAR[]" if name in LISTS else "VARCHAR" for name in NAMES}  # else it guesses dates
    return duckdb.sql(f"select * from read_json('{path}', columns={types})").to_arrow_table().to_pylist()


def _pandas_parquet(path: Path) -> list[Row]:
    import pandas

    return pandas.read_parquet(path, dtype_backend="pyarrow").to_dict("records")


def _polars_parquet(path: Path) -> list[Row]:
    import polars

    return polars.read_parquet(path).to_dicts()


def _duckdb_parquet(path: Path) -> list[Row]:
    import duckdb

    return duckdb.sql(f"select * from '{path}'").to_arrow_table().to_pylist()


def compared(value: Any) -> str:
    """A value as text that is the same from every reader."""
    if isinstance(value, list) or hasattr(value, "tolist"):
        return "\n".join(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value == value else ""
    return "" if value is None or value != value or str(value) == "NaT" else plain(str(value))


@pytest.mark.slow
@pytest.mark.parametrize(
    "read",
    [_pandas_csv, _duckdb_csv, _pandas_jsonl, _duckdb_jsonl, _pandas_parquet, _polars_parquet, _duckdb_parquet],
    ids=lambda read: read.__name__.removeprefix("_"),
)
def test_another_program_reads_what_sql_says(
    archive: Archive, home: Home, tmp_path: Path, read: Callable[[Path], list[Row]]
) -> None:
    path = exported(archive, read.__name__.rpartition("_")[2], tmp_path)
    wanted = [{name: compared(value) for name, value in row.items()} for row in told_by_sql(home)]
    assert [{name: compared(row[name]) for name in NAMES} for row in read(path)] == wanted


def test_the_folder_of_an_export_is_as_before_after_an_error(archive: Archive, tmp_path: Path) -> None:
    class TooFarError(Exception):
        pass

    def stop(done: int, _total: int | None) -> None:
        if done == 2:
            raise TooFarError

    (tmp_path / "taken.csv").write_text("before")
    for form in ("csv", "xlsx", "jsonl", "parquet", "txt"):
        with pytest.raises(TooFarError):
            write_file(archive.conn, Slice(), FORMATS[form], tmp_path / "taken.csv", "", stop)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"taken.csv": "before"}
