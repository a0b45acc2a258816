"""One digest for each rule by which rows are derived: of the rule's source and of its results for fixed strings."""

import hashlib
import json
import re
from itertools import product
from types import ModuleType

import archive.diffing.significance
import archive.search.grammar.folding
import archive.search.grammar.simplified
import archive.search.text
import parsers.text.counters
import parsers.urls.hosts
import parsers.urls.keys
from archive.diffing.significance import significance_of
from archive.files.dating import dating_of, moment_in
from archive.rules.revision_sequence import Sighting, current, history
from archive.rules.rule_numbers import Rule
from archive.search.fields import COLUMNS, index_row
from parsers.urls import urlkey

TEXTS = (
    "长三角一体化，上升为国家战略。", "长三角一体化,上升为国家战略.", "长三角 一体化，上升为国家战略。",
    "“一体化”——再谈……", '"一体化"--再谈...', "浏览次数：12",
    "浏览次数：13", "阅读 1.2万", "Views: 10", "5 likes", "打印", "分享",
    "10²", "102", "\uff21\uff22\uff23\u3000\uff11\uff12", "ABC 12", "ﾊﾝｶｸ", "AI大模型与5G网",
    "naïve café", "e\u0301tude", "étude", "ﬁne", "Straße", "々〆〇",
    "㐀㐁𠀀𠀁", "豈更", "⼀⼆", "東亞", "东亚", "毛映·艾力",
    "a-b_c", "3.14%", "C++", "", "\u200b\u4e00\u4f53\u200b\u5316", "\u7b2c\u4e00\n\u7b2c\u4e8c",
    "１０月１日", "①②", "©®", "👍🏽", "\u3000", "١٢",
    "भाषा", "한국어",
)  # fmt: skip
COUNTED = (
    "来源: 江海日报 浏览次数12", "来源: 江海日报", "江海日报 多云 12℃", "3小时前\n江水涨了。", "江水涨了。浏览次数：12",
    "江水涨了。", "江海日报",
)  # fmt: skip
URLS = (
    "http://example.com/",
    "https://www.example.com",
    "http://EXAMPLE.com:80/a/../b",
    "http://example.com:8080/a/",
    "http://example.com/a?b=1&a=2",
    "http://example.com/a?utm_source=x&spm=1&from=timeline",
    "http://example.com/a#b",
    "http://example.com/%7euser/%e4%b8%80",
    "http://example.com/一",
    "http://例子.中国/一?二=三",
    "http://1.2.3.4/a",
    "http://0x7f.1/",
    "http://[::1]/a",
    "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a&scene=2",
    "https://mp.weixin.qq.com/s/Ab3?x=1",
    "http://example.com/a;jsessionid=1",
    "http://example.com/a?c",
    "http://example.com/a?c=",
    "http://example.com/a//b/./c",
    "http://m.example.com/a",
    "http://example.com/A",
    "http://example.com/a?id=1&share=2&isappinstalled=0",
)
NEW = "<urn:uuid:019ac9b8-4800-7000-8000-000000000000>"  # of version 7: it holds a moment
OLD = "<urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8>"
RECORDS: tuple[dict[str, str], ...] = tuple(
    {"warc-type": kind, "warc-record-id": record_id, "warc-date": "2099-01-01T00:00:00Z", **dating}
    for kind in ("response", "revisit", "resource")
    for record_id in (NEW, OLD)
    for dating in ({}, {"thinker-dating": "stated"}, {"thinker-dating": "unknown"}, {"thinker-dating": "x"})
)
JUDGED = (*TEXTS, *COUNTED)
FIELDS = ("body_text", "headline", "alternative_headline", "speaker", "keywords")  # that any version searched
PROPERTIES = ("headline", "body_text", "metadata", "editors", "keywords", "source_line")


def digests() -> dict[Rule, str]:
    """By rule, one SHA-256 over the rule's source and its results."""
    return {
        "significance": _digest(
            [
                _parts(archive.diffing.significance),
                _parts(parsers.text.counters),
                [significance_of(*given) for given in product(PROPERTIES, JUDGED, JUDGED)],
            ]
        ),
        "words": _digest(
            [
                sorted([*_parts(archive.search.text), repr(FIELDS)]),
                [_parts(archive.search.grammar.folding), _parts(archive.search.grammar.simplified)],
                [_indexed(text) for text in (*TEXTS, "後裏著乾")],
            ]
        ),
        "identity": _digest([_parts(parsers.urls.keys), _parts(parsers.urls.hosts), [urlkey(url) for url in URLS]]),
        "dating": _digest([*map(_dated, RECORDS), *map(_history, product("-AaB", repeat=4))]),
    }


def _indexed(text: str) -> list[str]:
    """The index row of a text, without columns of missing properties."""
    said = {"headline": text, "body_text": f"{text}\n一体{text}", "speaker": text, "keywords": [text, "城市"]}
    said |= {"authors": [text, text], "source_line": text, "article_section": text}
    row = dict(zip(COLUMNS, index_row(said), strict=True))
    return [row[name] for name in FIELDS]


def _parts(module: ModuleType) -> list[str]:
    """The tables, patterns and numbers of a module, whatever their names and order."""
    own = (value for name, value in vars(module).items() if not name.startswith("__"))  # Python notes warnings there
    return sorted(filter(None, map(_part, own)))


def _part(value: object) -> str:
    if isinstance(value, re.Pattern):
        return f"{value.pattern!r} {value.flags}"
    if isinstance(value, set | frozenset):
        return repr(sorted(value, key=repr))
    if isinstance(value, dict) and not any(map(callable, value.values())):
        return repr(sorted(value.items(), key=repr))
    return repr(value) if isinstance(value, int | float | tuple) else ""


def _dated(fields: dict[str, str]) -> list[str]:
    return [dating_of(fields), moment_in(fields)]


def _history(texts: tuple[str, ...]) -> list[object]:
    """The history of two undated captures followed by two dated ones; `-` stands for no capture."""
    seen = [
        Sighting(f"day {number}", number, text, "1", imported=number < 2, undated=number < 2)
        for number, text in enumerate(texts)
        if text != "-"
    ]
    rows = history(seen, lambda before, after: before.state.lower() == after.state.lower())
    told = [[row.run, row.number, row.cosmetic, [each.capture for each in row.sightings]] for row in rows]
    return [told, current(rows).state if rows else None]


def _digest(given: object) -> str:
    return f"sha256:{hashlib.sha256(json.dumps(given).encode()).hexdigest()}"
