"""Texts of pages lose what acts in mail and chats, and keep what people read."""

import re
from pathlib import Path

import pytest
from support.hostile_strings import LINES, MARKUP, strings
from support.tables import every_row

from schedules.outbound.inert import fitting, in_one_line, readable, without_markup, without_mentions


@every_row(
    ("text", "shown"),
    [
        ("房地产税\r\n\t第二行\r第三行\u2028第四行\x0b五", "房地产税\n\t第二行\n第三行\n第四行\n五"),
        ("甲\u202e乙\u2069丙\u200f", "甲[U+202E]乙[U+2069]丙[U+200F]"),
        ("甲\x00\x1b[31m\x7f\x9b\ud800\ufffe", "甲\ufffd\ufffd[31m\ufffd\ufffd\ufffd\ufffd"),
        ("👩\u200d💻 e\u0301", "👩\u200d💻 e\u0301"),
        ("=HYPERLINK(1) <b> @all", "=HYPERLINK(1) <b> @all"),
    ],
)
def test_a_text_is_readable_without_what_controls_its_reader(text: str, shown: str) -> None:
    assert readable(text) == shown


@every_row(
    ("text", "shown"),
    [
        ("主题\r\nBcc: x@example.org\n\n正文", "主题 Bcc: x@example.org 正文"),
        ("=?utf-8?B?QmNjOg==?= 甲", "\uff1d?utf-8?B?QmNjOg=\uff1d?= 甲"),
        ("  甲\u3000\t乙\u202e ", "甲 乙[U+202E]"),
    ],
)
def test_a_subject_is_one_line_that_nothing_decodes(text: str, shown: str) -> None:
    assert in_one_line(text) == shown


@every_row(
    ("text", "mentions", "markup"),
    [
        ("@channel @所有人", "＠channel ＠所有人", "＠channel ＠所有人"),
        ("<!here> <@U1|甲> <#C1>", "＜!here> ＜＠U1|甲> ＜#C1>", "＜!here＞ ＜＠U1｜甲＞ ＜＃C1＞"),
        ('<at user_id="all">甲</at>', '＜at user_id="all">甲＜/at>', '＜at user＿id="all"＞甲＜/at＞'),
        ("[看](https://evil.example/)", "[看](https://evil.example/)", "［看］(https://evil.example/)"),
        ("![](http://e.example/a.png)", "![](http://e.example/a.png)", "!［］(http://e.example/a.png)"),
        ("**粗** _斜_ ~~删~~", "**粗** _斜_ ~~删~~", "＊＊粗＊＊ ＿斜＿ ～～删～～"),
        ("`码` ||藏||", "`码` ||藏||", "｀码｀ ｜｜藏｜｜"),
        ("# 题\n> 引\n- 旧\n+ 新\n===", "# 题\n> 引\n- 旧\n+ 新\n===", "＃ 题\n＞ 引\n－ 旧\n＋ 新\n＝=="),
        ("    码\n\t码", "    码\n\t码", "\u3000\u3000码\n\u3000码"),
        ("A&B &lt;b&gt; &#60;", "A&B &lt;b&gt; &#60;", "A&B ＆lt;b＆gt; ＆＃60;"),
        ("3 < 5 - 1 = a-b", "3 < 5 - 1 = a-b", "3 ＜ 5 - 1 = a-b"),
        ("\\*不\\*", "\\*不\\*", "＼＊不＼＊"),
        ("见 https://s.example/a/x_y-1?q=a#b_c。", "见 https://s.example/a/x_y-1?q=a#b_c。", "见 https://s.example/a/x_y-1?q=a#b_c。"),
        ("https://a@b.example/[x](y)", "https://a＠b.example/[x](y)", "https://a＠b.example/［x］(y)"),
    ],
)  # fmt: skip
def test_signs_that_act_become_full_width(text: str, mentions: str, markup: str) -> None:
    assert (without_mentions(text), without_markup(text)) == (mentions, markup)
    assert (without_mentions(mentions), without_markup(markup)) == (mentions, markup)


@every_row(
    ("text", "most", "in_bytes", "cut"),
    [
        ("一行\n二行", 5, False, "一行\n二行"),
        ("一行\n二行\n三行", 7, False, "一行\n… 完"),
        ("一二三四五六七", 6, False, "一二\n… 完"),
        ("一二三四五六七", 18, True, "一二三\n… 完"),
        ("一二三四五六七", 2, False, "\n… 完"),
    ],
)
def test_a_long_text_ends_in_whole_lines_and_its_link(text: str, most: int, in_bytes: bool, cut: str) -> None:
    assert fitting(text, most, "… 完", in_bytes) == cut


@pytest.mark.shared
def test_no_string_of_attackers_keeps_a_sign_that_acts(shared: Path) -> None:
    for text in (*strings(shared, MARKUP), *strings(shared, LINES, step=1)):
        shown = without_markup(readable(text))
        assert not set("\r\x00\x1b\u202e<>@`*|[]\\") & set(shown), text
        assert not re.search(r"^[ \t]*[-+=]", shown, re.MULTILINE), text
        assert not re.search(r"[@\r\x00\x1b\u202e]|<\S", without_mentions(readable(text))), text
        assert len(in_one_line(text).splitlines()) <= 1, text
