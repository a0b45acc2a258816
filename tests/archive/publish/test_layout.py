"""Places of things on a page in a real browser: lines under one another, and the latest article in sight."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.browsing import browsing, serving
from support.small_archive import LATEST, SOURCE, TALK, add_versions, build, digest_of

from archive import connect
from archive.files.clock import stamp

PARTS = tuple(f"第{n}段讲城市治理如何落到第{n}条街道，也讲数字怎样减负。" for n in range(40))

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(_archive(tmp_path_factory.mktemp("home"))) as address:
        yield address


def _archive(folder: Path) -> Path:
    """The small one, with a paragraph that moved, and a month of slots that were all in time."""
    home = build(folder)
    moved = [replace(TALK, identity="9", paragraphs=(*order, *PARTS[2:])) for order in (PARTS[:2], PARTS[1::-1])]
    add_versions(home, *moved)
    with closing(connect(home.database)) as conn:
        for day in range(28):
            at = stamp(datetime.now(UTC) - timedelta(days=day))
            conn.execute(
                "insert into coverage (source, due_at, started_at, finished_at, outcome) values (?, ?, ?, ?, 'done')",
                (SOURCE, at, at, at),
            )
    return home.path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as launched:
        yield launched


def seen(browser: Any, address: str, width: int, script: str) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    found = page.evaluate(script)
    page.close()
    return found


UNDER = """() => [...document.querySelectorAll('.change')].flatMap(change => {
    const tops = [...change.querySelectorAll(':scope > p:not(.steps)')].map(line => line.getBoundingClientRect());
    return tops.slice(1).map((line, at) => line.top >= tops[at].bottom && line.left === tops[at].left) })"""


@pytest.mark.parametrize("width", [390, 1280])
def test_the_lines_of_a_change_stand_under_one_another(browser: Any, url: str, width: int) -> None:
    assert set(seen(browser, f"{url}/a/newsroom-9/diff/1..2", width, UNDER)) == {True}


DAYS = """() => { const box = document.querySelector('.scroll.latest').getBoundingClientRect();
    const within = one => { const at = one.getBoundingClientRect();
        return at.left >= box.left - 1 && at.right <= box.right + 1 };
    const cells = [...document.querySelectorAll('.of-days tbody td')];
    return [within(document.querySelector('.of-days tbody th')), within(cells[0]), within(cells[27])] }"""


@pytest.mark.parametrize(("width", "within"), [(390, [True, False, True]), (1280, [True, True, True])])
def test_the_latest_days_of_the_calendar_are_in_sight(browser: Any, url: str, width: int, within: list[bool]) -> None:
    assert seen(browser, f"{url}/about", width, DAYS) == within


@pytest.mark.parametrize("width", [390, 1280])
def test_a_digest_keeps_to_one_line_and_is_copied_whole(browser: Any, url: str, width: int) -> None:
    script = """() => { const digest = document.querySelector('.cite .digest');
        getSelection().selectAllChildren(document.querySelector('.reference'));
        return [digest.getClientRects().length, digest.offsetHeight < 30, getSelection().toString()] }"""
    lines, low, copied = seen(browser, f"{url}/a/newsroom-1", width, script)
    assert (lines, low) == (1, True)
    assert f"{digest_of(LATEST)}," in copied


def test_a_chart_of_one_month_is_no_wall(browser: Any, url: str) -> None:
    width = "() => document.querySelector('figure.bars rect.bar').getBoundingClientRect().width"
    assert seen(browser, f"{url}/person/周一帆", 1280, width) < 40


def test_the_facts_of_an_article_stand_on_paper_too(browser: Any, url: str) -> None:
    page = browser.new_page(viewport={"width": 700, "height": 900})
    page.emulate_media(media="print")
    page.goto(f"{url}/a/newsroom-1")
    assert page.locator("dl.facts >> text=127.0.0.1").first.is_visible()
    assert not page.locator(".folded summary").is_visible()
    page.close()
