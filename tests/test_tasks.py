"""Tasks of researchers, journalists, librarians and programmers, done in a browser from `/` by visible names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from support.browsing import browsing, serving
from support.small_archive import build

MAX_CLICKS = 4
PHONE, DESK = 390, 1280

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class Step:
    """One click: `click` follows a name, `write` fills a field and sends it, `take` reads the file behind a link.

    `tab` goes to a name by the keyboard alone, and `print` shows the page as paper has it, which is no click. A name
    that ends in `*` is a beginning.
    """

    way: str
    name: str = ""
    field: str = ""


def click(name: str) -> Step:
    return Step("click", name)


def write(text: str, field: str = "") -> Step:
    return Step("write", text, field)


def take(name: str) -> Step:
    return Step("take", name)


def tab(name: str) -> Step:
    return Step("tab", name)


PRINT = Step("print")
FOUND = (write("小事"), click("把小事办实，城市才有温度"))


@dataclass(frozen=True, slots=True)
class Task:
    """The steps of someone who wants something, and the `answer` on the last page, its address or its file."""

    who: str
    wants: str
    steps: tuple[Step, ...]
    answer: str
    lacks: str = "no such text"
    width: int = DESK

    @property
    def clicks(self) -> int:
        return sum(step.way != "print" for step in self.steps)


TASKS = (
    Task("researcher", "an article by words in it", (write("小事"),), "把小事办实，城市才有温度"),
    Task("researcher", "when a phrase began", (click("“城市治理”何时首次出现？*"),), "2024-04-14 05:01"),
    Task("researcher", "two phrases beside each other",
         (click("“城市治理”何时首次出现？*"), write("改革", "提法 2")), "改革"),
    Task("researcher", "the months of a phrase, for Excel",
         (click("提法"), write("城市治理", "提法 1"), take("表格（CSV）")), "\ufeffphrase,month,articles,"),
    Task("researcher", "the text before an edit", (*FOUND, click("第 1 版")), "把小事办好，城市才有温度"),
    Task("researcher", "a citation of the text before an edit", (*FOUND, click("第 1 版"), take("GB/T 7714")),
         "把小事办好，城市才有温度"),
    Task("researcher", "text that is gone from the site",
         (write("小事办好"), click("只查已删改的文字"), click("搜索")), "把小事办实，城市才有温度"),
    Task("researcher", "the next version of an old text", (*FOUND, click("第 1 版"), click("第 2 版")),
         "/a/newsroom-1/v/0c36dd9a8493"),
    Task("researcher", "hits of one tag that are gone", (write("治理"), click("城市治理"), click("已消失")),
         "一篇不见了的文章", lacks="把小事办实"),
    Task("researcher", "what happens in a column, in a feed reader",
         (click("浏览"), click("思想者"), take("变动订阅 Atom")), "已消失"),
    Task("researcher", "what a person said", (click("浏览"), click("林知远")), "一篇不见了的文章"),
    Task("researcher", "articles on a subject", (click("浏览"), click("城市治理")), "把小事办实，城市才有温度"),
    Task("researcher", "the articles of a year", (click("浏览"), click("2024")), "2024年"),
    Task("journalist", "what was removed, and how that is known", (click("已消失"),), "页面不存在"),
    Task("journalist", "how much was removed in a month", (click("2024年4月消失了哪些文章？*"),), "1 篇"),
    Task("journalist", "the text of a removed article", (click("已消失"), click("一篇不见了的文章")), "第12段。"),
    Task("journalist", "what was edited lately", (click("变动"),), "把小事办"),
    Task("journalist", "what they changed in a text", (click("这篇文章改了什么？*"),), "第 1 版与第 2 版对比"),
    Task("journalist", "an address to share that keeps its text", (*FOUND, click("这一版本的永久链接")),
         "/a/newsroom-1/v/52b8eefe9485"),
    Task("journalist", "the same page in English", (click("浏览"), click("思想者"), click("English")),
         "Articles by month"),
    Task("journalist", "a comparison without a mouse", (tab("变动"), tab("把小事办实，城市才有温度")),
         "第 1 版与第 2 版对比"),
    Task("journalist", "the answer that proves a removal", (click("已消失"), click("当时的快照")),
         "urn:uuid:4-2024-04-16T01:00:00Z"),
    Task("journalist", "an article on a phone", FOUND, "第12段。", width=PHONE),
    Task("librarian", "an article on paper", (*FOUND, PRINT), "第12段。", lacks="浏览"),
    Task("librarian", "a removed article without a mouse", (tab("已消失"), tab("一篇不见了的文章")), "第12段。"),
    Task("librarian", "how far the archive reaches", (click("关于与联系"),), "没有按日程采集的记录"),
    Task("librarian", "whom to tell of a mistake", (click("关于与联系"),), "请联系管理员：desk@archive.example"),
    Task("librarian", "if crawls work", (click("状态"),), "采集正常结束"),
    Task("librarian", "a record for a reference manager", (*FOUND, take("RIS")), "TY  - "),
    Task("librarian", "when a page was captured", (*FOUND, click("快照 3 份")), "2024-04-16 09:00"),
    Task("librarian", "what the site answered to a visit", (*FOUND, click("快照 3 份"), click("2024-04-16 09:00:00")),
         "urn:uuid:1-2024-04-16T01:00:00Z"),
    Task("librarian", "a month as a table for Excel", (click("数据"), take("CSV")), "\ufeffkey,"),
    Task("librarian", "all versions, for a Memento client", (*FOUND, take("版本时间表（Memento）")),
         'rel="first memento"'),
    Task("programmer", "a page as JSON", (take("本页数据（JSON）"),), '"questions":'),
    Task("programmer", "a call of the API", (click("数据"), take("/changes.json")), '"events":'),
    Task("programmer", "a feed of changes", (click("变动"), take("Atom")), "<feed "),
    Task("programmer", "hits as a table", (write("小事"), take("CSV")), "把小事办实，城市才有温度"),
    Task("programmer", "an answer by SQL", (click("数据"), click("自写 SQL"), click("运行")), "newsroom-1"),
    Task("programmer", "a ready question", (click("数据"), click("哪些标题修改过？")), "把小事办好，城市才有温度"),
)  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = build(tmp_path_factory.mktemp("home")).path
    (home / "thinker.toml").write_text('contact = "desk@archive.example"\n')
    with serving(home) as address:
        yield address


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with browsing() as browser:
        opened = browser.new_page(locale="zh-CN")
        opened.set_default_timeout(10_000)
        yield opened


@pytest.mark.parametrize("task", TASKS, ids=lambda task: f"{task.who}: {task.wants}")
def test_a_reader_finds_the_answer_from_the_front_page(page: Any, url: str, task: Task) -> None:
    page.context.clear_cookies()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": task.width, "height": 900})
    page.goto(url)
    taken = [done for step in task.steps if (done := _do(page, step))]
    seen = taken[-1] if taken else page.url + page.inner_text("body")
    assert task.answer in seen
    assert task.lacks not in seen
    assert task.clicks <= MAX_CLICKS


NAMES = "a:visible, button:visible, summary:visible, label:visible"
FOCUSED = "() => (document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()"
MAX_TABS = 80


def _do(page: Any, step: Step) -> str | None:
    """Take the step; the text of the file that it takes, else None."""
    if step.way == "write":
        field = page.get_by_label(step.field) if step.field else page.get_by_role("searchbox")
        field.locator("visible=true").last.fill(step.name)
        _enter(page)
    elif step.way == "print":
        page.emulate_media(media="print")
    elif step.way == "tab":
        _tab_to(page, step.name)
    elif step.way == "take":
        reply = page.request.get(page.evaluate("a => a.href", _named(page, step.name).element_handle()))
        assert reply.status == 200
        return str(reply.body().decode())
    elif (named := _named(page, step.name)).evaluate("e => e.localName") in ("a", "button"):
        with page.expect_navigation():
            named.click()
    else:
        named.click()
    return None


def _enter(page: Any) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _named(page: Any, name: str) -> Any:
    """The link, button or label with this visible name: the first in the page's main part, else in its frame."""
    text = re.compile(r"^\s*" + re.escape(name.removesuffix("*")) + ("" if name.endswith("*") else r"\s*$"))
    for part in ("main", "body"):
        found = page.locator(part).locator(NAMES).filter(has_text=text)
        if found.count():
            return found.first
    raise AssertionError(f"no {name} at {page.url}")


def _tab_to(page: Any, name: str) -> None:
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            _enter(page)
            return
    raise AssertionError(f"no way to {name} by the keyboard at {page.url}")
