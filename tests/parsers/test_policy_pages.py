"""Real pages of policy sites give names, counts and dates of every article, and a reason for everything else."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.tables import every_row

from parsers import Document, NotAnArticle, parse, to_json

pytestmark = pytest.mark.shared
CAPTURED = datetime(2026, 10, 5, tzinfo=UTC)


# One line a page, read by eye: names, counts and dates, no text of it. Empty: the page does not say.
with (Path(__file__).parent / "policy_pages.tsv").open(encoding="utf-8") as table:
    ARTICLES = list(csv.DictReader(table, delimiter="\t"))

OTHERS = [
    ("163_rolling_list.html", "a list"),
    ("govcn_policy_list_fragment.html", "no headline; 6 links"),
    ("guancha_home_list.html", "a list"),
    ("people_home_headlines_fragment.html", "no headline; 9 links"),
    ("qq_news_list.html", "no prose: 213 links"),
    ("shobserver_app_section_list_20190621.json", "a list in JSON, 10 rows"),
    ("shobserver_home_json_rows_20260927.json", "a list in JSON, 5 rows"),
]


@pytest.fixture(scope="session")
def addresses(shared: Path) -> dict[str, str]:
    """The url of each file, or a urn where the page's address is not known."""
    with (shared / "data/policy-pages/MANIFEST.tsv").open(encoding="utf-8") as rows:
        urls = {row["file"]: row["original_url"].split()[0] for row in csv.DictReader(rows, delimiter="\t")}
    return {name: url if url.startswith("http") else f"urn:file:{name}" for name, url in urls.items()}


def document(shared: Path, name: str, url: str, captured: datetime = CAPTURED) -> Document:
    content_type = "application/json" if name.endswith(".json") else "text/html"
    return Document((shared / "data/policy-pages" / name).read_bytes(), content_type, url, captured)


@every_row("row", ARTICLES)
def test_each_policy_article_matches_its_row_of_the_table(shared, addresses, row):
    captured = datetime.fromisoformat(row["date_published"]) + timedelta(days=30)
    article = parse(document(shared, row["file"], addresses[row["file"]], captured))
    found = to_json(article) | {name: len(getattr(article, name)) for name in ("paragraphs", "headings")}
    assert {name: _cell(found[name]) for name in row if name != "file"} | {"file": row["file"]} == row
    assert not article.biography


def _cell(value: object) -> str:
    return "、".join(value) if isinstance(value, list) else "" if value is None else str(value)


@every_row(("name", "reason"), OTHERS)
def test_lists_say_why_they_are_no_article(shared, addresses, name, reason):
    with pytest.raises(NotAnArticle) as caught:
        parse(document(shared, name, addresses[name]))
    assert caught.value.reason.startswith(reason)


def test_every_file_of_the_manifest_is_in_a_table(addresses):
    assert sorted(addresses) == sorted([*(row["file"] for row in ARTICLES), *(row[0] for row in OTHERS)])


@pytest.mark.parametrize(
    ("name", "number", "symbol", "written"),
    [
        ("govcn_policy_1_fragment.html", "000014349/2019-00007", "国发〔2019〕5号", "2019年01月27日"),
        ("govcn_policy_5_fragment.html", "000014349/2019-00003", "国发〔2019〕3号", "2019年01月12日"),
        ("govcn_policy_7_fragment.html", "000014349/2018-00230", "国办发〔2018〕128号", "2018年12月29日"),
    ],
)
def test_a_policy_document_keeps_its_table(shared, addresses, name, number, symbol, written):
    article = parse(document(shared, name, addresses[name]))
    table = dict(article.metadata)
    assert (table["索引号"], table["发文字号"], table["成文日期"]) == (number, symbol, written)
    assert article.date_precision == "day"


@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("163_article_state_council.html", ("国务院", "湖北", "疫情", "新冠肺炎")),
        ("sina_article_pipe_tags.html", ("中国芯", "芯片")),
        ("shanxi_gov_article.html", ()),
    ],
)
def test_keywords_are_those_of_the_article(shared, addresses, name, keywords):
    assert parse(document(shared, name, addresses[name])).keywords == keywords
