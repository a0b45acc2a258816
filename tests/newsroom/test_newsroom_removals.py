"""A removed or restricted article answers the same bytes on every visit, whatever happens elsewhere on the site."""

import pytest
from support.newsroom_client import get
from support.tables import every_row
from support.ways_to_go import ENDINGS, NUMBER, SHAPES, paths_of

from newsroom.process import running

# Something else happens on the site before each further visit.
MEANWHILE = [{"do": "edit", "article": 7}, {"do": "publish"}, {"do": "redesign"}]


@pytest.fixture(scope="module")
def paths():
    """The number and the path of an article in each shape; in December 2024 both printed editions stand."""
    with running(articles=40, clock="2024-12-20T09:00+08:00") as site:
        yield paths_of(site)


@pytest.fixture(scope="module", params=ENDINGS, ids=lambda ending: ending.get("how", "restricted"))
def visits(request, paths):
    """The answers of each shape before the article goes, and on four visits afterwards."""
    with running(articles=40, clock="2024-12-20T09:00+08:00") as site:
        site.event(do="paginate", article=NUMBER, pages=2)
        asked = {shape: [get(site, path)] for shape, (_, path) in paths.items()}
        for number in (3, NUMBER):
            site.event(article=number, **request.param)
        for meanwhile in (None, *MEANWHILE):
            if meanwhile:
                site.event(**meanwhile)
            for shape, (_, path) in paths.items():
                asked[shape].append(get(site, path))
        yield asked


@every_row("shape", SHAPES)
def test_every_visit_to_a_gone_article_gets_the_same_bytes(visits, shape):
    before, first, *others = visits[shape]
    assert before.status == 200
    assert first.body != before.body
    for other in others:
        assert (other.status, other.body) == (first.status, first.body)
        same = ("Content-Type", "ETag", "Last-Modified", "Location")
        assert [other.headers[name] for name in same] == [first.headers[name] for name in same]


@pytest.mark.slow
@pytest.mark.parametrize(
    "ending", [{"do": "remove", "how": "shell"}, {"do": "restrict"}], ids=lambda ending: ending["do"]
)
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "second page"])
def test_with_validators_a_second_visit_gets_304(paths, ending, shape):
    number, path = paths[shape]
    with running(articles=40, clock="2024-12-20T09:00+08:00") as site:
        live = get(site, path).headers["ETag"] or '"none"'
        site.event(article=number, validators=True, **ending)
        first = get(site, path, If_None_Match=live)
        statuses = [first.status]
        if first.headers["ETag"]:
            statuses += [get(site, path, If_None_Match=first.headers["ETag"]).status for _ in range(2)]
    # Only a static file of the old printed edition is missing for good when its article is removed.
    missing = shape == "printed before 2024-12-16" and ending["do"] == "remove"
    assert statuses == ([404] if missing else [200, 304, 304])


def test_in_print_a_delisted_article_keeps_its_page(paths):
    with running(articles=40, clock="2024-12-20T09:00+08:00") as site:
        printed = [paths[shape][1] for shape in ("printed", "printed before 2024-12-16")]
        before = [get(site, path).body for path in printed]
        site.event(do="delist", article=NUMBER)
        assert [get(site, path).body for path in printed] == before
        edition = printed[1].partition("/10/")[0] + "/navi.json"
        rows = [row["id"] for page in get(site, edition).json["pages"] for row in page["articleList"]]
        assert 500_000 + NUMBER not in rows


def test_a_fault_strikes_the_answer_in_place_of_a_removed_article(paths):
    with running(articles=40, clock="2024-12-20T09:00+08:00") as site:
        for number in {number for number, _ in paths.values()}:
            site.event(do="remove", article=number)
            site.event(do="status", article=number, code=500)
        assert {get(site, path).status for shape, (_, path) in paths.items() if shape != "second page"} == {500}
