"""A page without its words: the same elements, addresses, dates and labels, with other characters in every text.

It shows the structure of a page, and the rules of the parser that match it, to people who should not get the page.
Every character of a text becomes another one of its kind, by a key that is thrown away. The key is the same for the
whole page, so equal texts stay equal; it cannot be undone, because many characters become one.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from selectolax.lexbor import LexborNode

from parsers.document import Document, parse_markup
from parsers.people import SURNAMES
from parsers.text import HAN, label_words

# Words that locate the parts of an article on its page, beside the labels of bylines. In a longer line nothing is kept:
# it is prose.
LABELS = (
    "发布时间|發布時間|发表时间|发布日期|更新时间|成文日期|时间|時間|日期|发布|發布|更新"
    "|索引号|发文机关|发文字号|主题分类|标题|文号|公文种类|有效性"
    "|浏览次数|浏览量|阅读量|阅读|浏览|点击数|点击|评论|点赞|收藏|分享|转发|打印|字号|字体|大|中|小|关闭|返回|收起|展开"
    "|扫一扫|上一篇|下一篇|相关阅读|相关链接|相关|推荐|附件|首页|当前位置|您所在的位置|您的位置|正文|图|摄|文|完|讯|电|日|月|年"
    "|新闻|频道|网|社|报|台|刊|订阅|下载|客户端|举报|纠错|更多|查看|登录|注册|手机|微信|微博|二维码|版权|声明|免责|转载|原标题|标签|关键词"
    "|通知|意见|决定|公告|通报|办法|条例|规定|方案|批复|函|国务院|各省|人民政府|附件|章|节|条"
)
LATIN_LABELS = "by|source|from|author|editor|reporter|published|updated|posted|date|views|comments|share|print|home"
MAX_LABELLED_CHARACTERS = 30  # characters of a line in which labels are kept
CHARACTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳未申酉戌亥"
FAMILIES = "王李张刘陈杨赵周吴徐孙胡朱郭"  # in place of any surname
NUMERALS = "一二三四五六七八九十百第"  # which number sections
PARTICLES = "的了在是和与及对"
_PARTICLE = frozenset("的了在是和与及为何怎谁哪什么吗呢把被让看从到对不没有将要会能可这那们")
LETTERS = "aeioudlmnrst"
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
RAW = ("script", "style")  # their content is not markup (HTML Standard, 13.1.2)
KEPT_ATTRIBUTES = re.compile(
    "class|id|rel|item(?:prop|type|scope)|property|name|http-equiv|type|lang|dir|role|datetime|style"
    "|(?:col|row)span|align|hidden|width|height|border|isPermaLink|version"
)
KEPT_IN_JSON = ("@type", "@id", "@context", "inLanguage")
_TAG = re.compile(r"[a-z][\w:.-]*", re.ASCII)
_NAME = re.compile(r"[a-z_:@][\w:.@-]*", re.ASCII | re.IGNORECASE)
ADDRESSES = ("href", "src", "srcset")
_ADDRESS = re.compile(r"(?:https?:|//)|(?![\w+.-]*:)", re.IGNORECASE)  # http(s), or relative
_URL = re.compile(r"(https?://[!#-&(-;=?-~]+)", re.IGNORECASE)  # prose may follow it without a blank
_KEPT = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?(?:[T\s]*\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)\w*,? |\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{4}"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d{1,2}, \d{4}|\d{1,2}:\d{2}(?::\d{2})?|GMT"
    r"|\b(?:article|website|news_?article)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r"([_|｜]|\s[-–—]\s)")
_SPACED = "|".join("[ \u3000\xa0]*".join(label) for label in (*LABELS.split("|"), *label_words()))  # 索 引 号
LABEL = re.compile(rf"{_SPACED}|\b(?:{LATIN_LABELS})\b", re.IGNORECASE)
_HAN = re.compile(f"[{HAN}]")
# Unclosed strings end at their line or at the end of the text, so that the search takes linear time.
_STRING = re.compile(
    r"""(?P<mark>["'])(?P<inside>(?:\\[\s\S]|(?!(?P=mark))[^\\\n])*+)(?P<end>(?P=mark))?"""
    r"""|`(?P<template>(?:\\[\s\S]|[^`\\])*+)`?"""
    r"""|<!--[\s\S]*?(?:-->|\Z)|/\*[\s\S]*?(?:\*/|\Z)|//[^\n]*"""
)
_QUOTED = r""""[^"]*"|'[^']*'"""
_XML = re.compile(
    r"<!\[CDATA\[(?P<data>[\s\S]*?)(?:\]\]>|\Z)"
    r"|<!--[\s\S]*?(?:-->|\Z)|<\?[\s\S]*?(?:\?>|\Z)|<![^\[>]*(?:\[[\s\S]*?(?:\]|\Z))?[^>]*>?"
    rf"|<(?P<end>/?)(?P<tag>[^\s<>/!?]+)(?P<attributes>(?:{_QUOTED}|[^<>\"'])*+)>"
    r"|(?P<text>[^<]+)|<"
)
_XML_ATTRIBUTE = re.compile(rf"(?<![\w:.-])([\w:.-]++)\s*+=\s*+({_QUOTED})", re.ASCII)


class Mask:
    """Replaces the characters of texts by a random key: equal texts stay equal, but not under another Mask."""

    def __init__(self) -> None:
        key = secrets.token_bytes(16)

        @lru_cache(maxsize=100_000)
        def other(sign: str, signs: str) -> str:
            return signs[hashlib.blake2b(sign.encode("utf-8", "replace"), key=key).digest()[0] % len(signs)]

        self._other = other

    def document(self, document: Document) -> bytes:
        """The masked payload of a page, a list, a feed or a JSON document, in UTF-8.

        Raises ParseError if it cannot be parsed.
        """
        if document.json is not None:
            return json.dumps(self._value(document.json), ensure_ascii=False).encode("utf-8", "replace")
        if re.match(r"\s*(?:<\?xml|<rss|<feed|<urlset|<sitemapindex)", document.opening(200), re.IGNORECASE):
            return self._xml(document.text).encode("utf-8", "replace")
        return self.page(document.text).encode("utf-8", "replace")

    def page(self, markup: str) -> str:
        """A masked page of HTML, without comments."""
        root = parse_markup(markup.encode("utf-8", "replace")).root
        return "<!DOCTYPE html>\n" + "".join(self._elements(root)) if root is not None else ""

    def text(self, text: str) -> str:
        """A text masked line by line: letters, Han characters and digits are replaced, blanks and marks stay.

        Dates, addresses in ASCII, NUMERALS (一, 第) and, in short lines, labels and digits are kept.
        """
        return "\n".join(map(self._line, text.split("\n")))

    def han(self, text: str) -> str:
        """A text of our own that may quote a page, with only its Han characters masked, but not NUMERALS (一, 第)."""
        return _HAN.sub(lambda found: self._han(found[0]), text)

    def _line(self, line: str) -> str:
        """A line masked part by part (headline, column, site of a title): labels are kept in a part that is short."""
        return "".join(
            self._address(piece) if number % 2 else "".join(map(self._part, _PARTS.split(piece)))
            for number, piece in enumerate(_URL.split(line))
        )

    def _part(self, line: str) -> str:
        kept = [found.span() for found in _KEPT.finditer(line)]
        if len(line.strip()) <= MAX_LABELLED_CHARACTERS:
            kept += [found.span() for found in LABEL.finditer(line)]
        spared = {at for start, end in kept for at in range(start, end)}
        short = len(line.strip()) <= MAX_LABELLED_CHARACTERS
        return "".join(sign if at in spared else self._sign(sign, short) for at, sign in enumerate(line))

    def _vocabulary(self, text: str) -> str:
        """A class, an id or a name in JSON, with its characters outside ASCII masked, except labels in a short one."""
        labels = LABEL.finditer(text) if not text.isascii() and len(text) <= MAX_LABELLED_CHARACTERS else ()
        spared = {at for found in labels for at in range(*found.span())}
        return "".join(
            sign if sign.isascii() or at in spared else self._sign(sign, True) for at, sign in enumerate(text)
        )

    def _han(self, sign: str) -> str:
        if sign in NUMERALS:
            return sign
        if sign in _PARTICLE:
            return self._other(sign, PARTICLES)
        return self._other(sign, FAMILIES if sign in SURNAMES else CHARACTERS)

    def _sign(self, sign: str, short: bool) -> str:
        if _HAN.match(sign):
            return self._han(sign)
        if sign.isdigit():
            return sign if short else self._other(sign, "0123456789")
        if not sign.isalpha():
            return sign
        letter = self._other(sign.lower(), LETTERS)
        return letter.upper() if sign.isupper() else letter

    def _elements(self, root: LexborNode) -> Iterator[str]:
        """Yield the masked markup of an element in pieces, without recursion: pages may be nested by thousands."""
        node: LexborNode | None = root
        while node is not None:
            yield self._opening(node)
            if node.first_child is not None and node.tag not in RAW:
                node = node.first_child
                continue
            yield self._closing(node)
            while node is not None and node is not root and node.next is None:
                node = node.parent
                if node is not None:
                    yield self._closing(node)
            node = None if node is None or node.mem_id == root.mem_id else node.next

    def _opening(self, node: LexborNode) -> str:
        if node.is_text_node:
            return html.escape(self.text(node.text_content or ""), quote=False)
        tag = node.tag or ""
        if not _TAG.fullmatch(tag):  # a comment, a doctype, a text gone astray
            return ""
        told = self._attributes(node.attributes.items())
        inner = self._raw(node) if tag in RAW else ""
        return f"<{tag}{told}>{inner}"

    def _closing(self, node: LexborNode) -> str:
        tag = node.tag or ""
        is_open = not node.is_text_node and tag not in VOID and _TAG.fullmatch(tag)
        return f"</{tag}>" if is_open else ""

    def _attributes(self, attributes: Iterable[tuple[str, str | None]]) -> str:
        return "".join(
            f" {name}" if value is None else f' {name}="{html.escape(self._attribute(name, value))}"'
            for name, value in attributes
            if _NAME.fullmatch(name) and not name.startswith("on")  # a name with other characters is a text gone astray
        )

    def _attribute(self, name: str, value: str) -> str:
        if name in ADDRESSES:
            return self._address(value) if _ADDRESS.match(value) else ""  # data:, mailto:, javascript:
        if name == "charset":
            return "utf-8"  # the masked page's encoding
        return self._vocabulary(value) if KEPT_ATTRIBUTES.fullmatch(name) else self.text(value)

    def _address(self, address: str) -> str:
        """An address with its Han characters, which may be the title, masked and escaped; unchanged without any.

        Han characters that are escaped in the address are masked too.
        """
        plain = unquote(address)
        return quote(self.han(plain), safe="/?#&=:;,.~!$'()*+@%[]") if _HAN.search(plain) else address

    def _raw(self, node: LexborNode) -> str:
        """The masked inside of a script; "" for a style, and for JSON that cannot be read."""
        inside = node.text(deep=True) or ""
        if node.tag == "style":
            return ""
        kind = node.attributes.get("type") or "text/javascript"
        if "json" in kind:
            try:
                return json.dumps(self._value(json.loads(inside, strict=False)), ensure_ascii=False).replace(
                    "</", "<\\/"
                )
            except (ValueError, RecursionError):
                return ""
        if not re.search("script|module", kind):  # a template of markup
            return self.text(inside).replace("</", "<\\/")
        return "".join(self._script(inside)).replace("</", "<\\/")

    def _script(self, script: str) -> Iterator[str]:
        """Yield a script in pieces: its strings masked, its comments left out, elsewhere only Han characters masked."""
        end = 0
        for found in _STRING.finditer(script):
            yield self.han(script[end : found.start()])
            end = found.end()
            if found["template"] is not None:
                yield f"`{self.text(found['template'])}`"
            elif found["mark"]:
                yield found["mark"] + self.text(found["inside"]) + (found["end"] or "")
        yield self.han(script[end:])

    def _value(self, value: Any, depth: int = 0, kept: bool = False) -> Any:
        """A masked JSON value; keys of objects keep their ASCII, and so do texts if ``kept``: they give a type.

        Numbers, true and false stay; values nested deeper than 100 become null.
        """
        if depth > 100:
            return None
        if isinstance(value, dict):
            return {
                self._vocabulary(name): self._value(each, depth + 1, name in KEPT_IN_JSON)
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [self._value(each, depth + 1, kept) for each in value]
        if isinstance(value, str):
            if kept:
                return self._vocabulary(value)
            return self.page(value) if "<" in value and ">" in value else self.text(value)
        return value

    def _xml(self, text: str) -> str:
        """A masked feed or sitemap, without comments, instructions and declarations."""
        return _XML.sub(self._piece, text)

    def _piece(self, found: re.Match[str]) -> str:
        if found["data"] is not None:
            data = found["data"]
            return f"<![CDATA[{self.page(data) if '<' in data else self.text(data)}]]>"
        if found["text"] is not None:
            return html.escape(self.text(html.unescape(found["text"])), quote=False)
        if found["tag"] is None or not _NAME.fullmatch(found["tag"]):
            return ""
        pairs = ((name, html.unescape(value[1:-1])) for name, value in _XML_ATTRIBUTE.findall(found["attributes"]))
        closed = "/" if found["attributes"].endswith("/") else ""
        return f"<{found['end']}{found['tag']}{self._attributes(pairs)}{closed}>"
