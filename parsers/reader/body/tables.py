"""The table at the head of a policy document: 索引号, 发文机关, 成文日期, 发布日期."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, dropwhile, islice, pairwise, takewhile

from bs4 import BeautifulSoup
from selectolax.lexbor import LexborNode

from parsers.document import Document
from parsers.gated import Gated
from parsers.reader.body.thresholds import MAX_CELL_STRINGS, MAX_MARKUP, MAX_MARKUP_READ, MAX_TABLES, MAX_TEXT_LOOKED_AT

LABELS = frozenset(
    [
        "索引号",
        "索取号",
        "信息索引号",
        "主题分类",
        "发文机关",
        "发布机构",
        "发布单位",
        "成文日期",
        "发文日期",
        "签发日期",
        "标题",
        "名称",
        "信息名称",
        "文件名称",
        "发文字号",
        "文号",
        "文件编号",
        "发布日期",
        "公开日期",
        "主题词",
        "有效性",
        "时效性",
        "公文时效",
        "公文种类",
        "信息分类",
        "生成日期",
        "关键词",
        "体裁分类",
        "组配分类",
        "公开方式",
        "公开时限",
        "生效日期",
        "施行日期",
        "实施日期",
        "废止日期",
        "有效期",
        "来源",
        "责任部门",
        "内容概述",
    ]
)
# Two of these make a document.
TELLING = (
    "索引号",
    "索取号",
    "信息索引号",
    "发文机关",
    "发布机构",
    "发文字号",
    "文号",
    "成文日期",
    "发文日期",
    "生成日期",
)
SHOWN_LABEL = Gated("|".join(r"\s*".join(name) for name in TELLING))  # 索 引 号 is spaced to fill its cell
COLON = re.compile(r"[：:]")
SPACE = re.compile(r"[\s\u3000]+")


def document_table(document: Document) -> tuple[tuple[str, str], ...]:
    """The label and value pairs of the page's document table, in order; () when it has none."""
    if SHOWN_LABEL.search(document.visible_text) is None:
        return ()
    pairs = [pair for table in _label_tables(document) for pair in _pairs(table)]
    names = {name for name, _ in pairs}
    return tuple(dict(pairs).items()) if sum(name in names for name in TELLING) >= 2 else ()


def document_rows(lines: Sequence[str]) -> frozenset[str]:
    """The rows of the first table among lines, when two labels of a document stand in them; "" is no row."""
    rows = list(takewhile(bool, dropwhile(lambda line: not line, lines)))
    names = {SPACE.sub("", cell).rstrip(":：") for row in rows for cell in row.split("\t")}
    return frozenset(rows if sum([name in names for name in TELLING]) >= 2 else ())


def _label_tables(document: Document) -> list[str]:
    """The markup of the tables that show a label."""
    tables = [
        html
        for html in (node.html or "" for node in islice(_labelled(document), MAX_TABLES))
        if len(html) <= MAX_MARKUP
    ]
    sizes = accumulate(map(len, tables))
    return [html for html, size in zip(tables, sizes, strict=True) if size <= MAX_MARKUP_READ]


def _labelled(document: Document) -> Iterator[LexborNode]:
    """The innermost tables and lists that show a label we know: the others give nothing."""
    looked_at = 0
    for node in document.tree.css("table, dl, ul"):
        text = node.text()
        looked_at += len(text)
        if looked_at > MAX_TEXT_LOOKED_AT:
            return
        if len(text) <= MAX_MARKUP and _shows_label(node, text) and not _holds_table(node):
            yield node


def _shows_label(node: LexborNode, text: str) -> bool:
    if "：" not in text and ":" not in text and node.css_first("th") is None:
        return False
    plain = "".join(text.split())
    return any(label in plain for label in LABELS)


def _holds_table(node: LexborNode) -> bool:
    return any(inner.mem_id != node.mem_id for inner in node.css("table"))


def _pairs(html: str) -> list[tuple[str, str]]:
    """Cells two by two: a label that we know, then its value; or both in one cell, parted by a colon."""
    found = BeautifulSoup(html, "lxml").find_all(["td", "th", "dt", "dd", "li"])
    cells = ["".join(islice(cell.strings, MAX_CELL_STRINGS)) for cell in found]
    pairs: list[tuple[str, str]] = []
    for cell, following in pairwise([*cells, ""]):
        label, *rest = COLON.split(SPACE.sub(" ", cell), maxsplit=1)
        name = SPACE.sub("", label)
        value = " ".join((rest[0] if rest and rest[0].strip() else following).split())
        if name in LABELS and value and SPACE.sub("", value).rstrip(":：") not in LABELS:
            pairs.append((name, value))
    return pairs
