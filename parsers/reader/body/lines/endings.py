"""The end of a text: before links to other texts, legal boilerplate or comments, and before nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from parsers.reader.body.lines.notes import is_foot, is_machinery, is_note
from parsers.reader.body.markup.blocks import Block
from parsers.reader.body.thresholds import (
    MAX_BESIDE_POINTERS,
    MAX_ENDING_CHARACTERS,
    MAX_MACHINERY_CHARACTERS,
    MIN_ENDED_CHARACTERS,
    MIN_SENTENCE_CHARACTERS,
)
from parsers.text import PAUSES, STOPS, ends_sentence, is_counter, reprint_notice, without_glued_counter

# Lines that open the tail of an article, by its kind.
POINTERS = re.compile(
    r"""^[\s（(\[【“"—-]*(?:
        (?:推荐|推薦|相关|相關|延伸|拓展|更多|热门|热點|精彩|往期)\s*
        (?:阅读|閱讀|新闻|新聞|文章|稿件|链接|連結|报道|報導|内容|视频|推荐|回顾|精彩|精选)+
      | 猜你喜欢 | 相关搜索 | 附件下载
      | Related(?:\ (?:articles|stories|news|links))?$ | More\ from | Recommended
    )""",
    re.VERBOSE | re.IGNORECASE,
)
COMMENTS = re.compile(
    r"""^[\s（(\[【“"—-]*(?:
        (?P<told>网友|最新|热门|精彩|全部|用户|发表)?(?:评论|跟贴|跟帖|留言)
        (?P<count>\s*[（(]?\s*\d+\s*条?\s*[）)]?|\s*条)?[:：]?$
      | Comments?$
    )""",
    re.VERBOSE | re.IGNORECASE,
)
LEGAL = re.compile(
    r"""^[\s（(\[【“"—-]*(?:(?:特别|免责|版权|郑重)\s*声明 | 声明\s*[:：] | 版权所有)
        [\s】\])）”"]*[:：]?(?P<told>.*)""",
    re.VERBOSE,
)
# Words of publishers about what they print, and words that stand in comments and in no article.
BOILERPLATE = re.compile(
    r"转载|版权|著作权|本网|本站|本平台|本公众号|本文(?:仅|内容|所|不|为|系|由|来)|观点|立场|侵权|稿件|投稿|自媒体"
    r"|仅供参考|风险自担|据此|信息存储|联系我们|及时删除|来源(?:于|：)"
    r"|content above|copyright|reprint|views expressed|opinions expressed|all rights",
    re.IGNORECASE,
)
OF_COMMENTS = re.compile(
    rf"回复|点赞|举报|[顶踩赞]\s*[（(\[]?\d|\d+\s*楼|(?:分钟|小时)前|发表于|登录|匿名|网友[^{STOPS}{PAUSES}]{{0,10}}[:：]|IP属地"
    r"|\bsays?:|\bago\b|\breply\b|log ?in|\d{4}-\d\d-\d\d \d\d:\d\d",
    re.IGNORECASE,
)
QUOTED_OR_REMARK = ("”", "）", ")")  # a line that ends so is a sentence, too


def opens_ending(line: str) -> bool:
    """True if a line may open the tail of an article: related items, comments, a disclaimer."""
    if len(line) >= MAX_ENDING_CHARACTERS:
        return False
    return (POINTERS.match(line) or COMMENTS.match(line) or LEGAL.match(line)) is not None


class Endings:
    """Finds the line at which a body ends; `paragraphs` are those taken so far."""

    def __init__(self, blocks: Sequence[Block], paragraphs: list[str]) -> None:
        self.blocks, self.paragraphs = blocks, paragraphs
        self.characters = self.counted = 0  # of the paragraphs; each is counted once

    def is_at(self, place: int) -> bool:
        """True if the text ends before the line of this index; asked only for a line for which opens_ending() holds.

        Much text must stand before it, and little or no prose after it. After a heading of comments there may be more;
        after a legal label only boilerplate.
        """
        line = self.blocks[place].text
        if not self._said(MIN_ENDED_CHARACTERS):
            return False
        if (legal := LEGAL.match(line)) is not None:
            return not self.other_prose[place] and (not legal["told"] or BOILERPLATE.search(legal["told"]) is not None)
        if not self._said(2 * self.left[place]):
            return False
        if (comments := COMMENTS.match(line)) is not None:
            told = comments["told"] or comments["count"] or self.comments[place]
            return bool(told) or not self.prose[place]
        return self.background[place] <= MAX_BESIDE_POINTERS

    def is_text(self, place: int) -> bool:
        """True if a line for which opens_ending(), but not is_at() holds belongs to the text.

        It is a legal label with words after it on the line; or a legal label without words, or a heading of comments
        after the first paragraph, if prose follows. False for a pointer to other items, for nothing but links and for
        the legal foot.
        """
        block = self.blocks[place]
        if POINTERS.match(block.text) is not None or block.all_linked or is_foot(block.text):
            return False
        legal = LEGAL.match(block.text)
        if legal is not None and legal["told"]:
            return True
        return (legal is not None or bool(self.paragraphs)) and self.prose[place] > 0

    def _said(self, least: int) -> bool:
        self.characters += sum(map(len, self.paragraphs[self.counted :]))
        self.counted = len(self.paragraphs)
        return self.characters > least

    @cached_property
    def left(self) -> Sequence[int]:
        """For each line the number of characters of text after it, links left out."""
        return _behind([len(block.text) - block.linked if block.kind == "text" else 0 for block in self.blocks])

    @cached_property
    def sentences(self) -> Sequence[bool]:
        """For each line True if it is prose."""
        return [_is_sentence(block) for block in self.blocks]

    @cached_property
    def prose(self) -> Sequence[int]:
        """For each line the number of lines of prose after it."""
        return _behind(self.sentences)

    @cached_property
    def other_prose(self) -> Sequence[int]:
        """For each line the number of lines of prose after it, without legal boilerplate."""
        lines = zip(self.blocks, self.sentences, strict=True)
        return _behind([told and BOILERPLATE.search(block.text) is None for block, told in lines])

    @cached_property
    def background(self) -> Sequence[int]:
        """For each line the number of characters of prose after it, without the teasers that follow links."""
        sizes, follows_link = [], False
        for block, told in zip(self.blocks, self.sentences, strict=True):
            sizes.append(len(block.text) if told and not follows_link else 0)
            follows_link = 2 * block.linked >= len(block.text) or (follows_link and block.kind == "image")
        return _behind(sizes)

    @cached_property
    def comments(self) -> Sequence[int]:
        """For each line the number of lines after it that speak as comments do."""
        return _behind([OF_COMMENTS.search(block.text) is not None for block in self.blocks])


def _behind(values: Sequence[int]) -> Sequence[int]:
    """For each place the sum of the values after it: [5, 3, 0] for [1, 2, 3]."""
    return [*accumulate(reversed(values), initial=0)][-2::-1]


def _is_sentence(block: Block) -> bool:
    text = block.text
    if (
        block.kind != "text"
        or 2 * block.linked >= len(text)
        or not (ends_sentence(text) or text.endswith(QUOTED_OR_REMARK) or len(text) >= MIN_SENTENCE_CHARACTERS)
    ):
        return False
    if len(text) < MAX_MACHINERY_CHARACTERS and is_machinery(text):
        return False
    return not (is_foot(text) or is_note(text) or reprint_notice(text))


COLONS = (":", "：")


def counts(block: Block, paragraphs: Sequence[str], endings: Endings, place: int) -> bool:
    """True if a line is a counter (阅读 12) before the first paragraph or after the last line of prose.

    Between them it may be text. A heading never is one, nor a row of a table after the first paragraph.
    """
    text = block.text
    if "\t" in text:
        if paragraphs:
            return False  # data
        label, _, value = text.partition("\t")
        text = label + value if label.endswith(COLONS) else text
    return block.kind != "heading" and is_counter(text) and (not paragraphs or not endings.prose[place])


def without_counter(block: Block, endings: Endings, place: int) -> Block:
    """The line without the counter glued to its end if no prose follows it; any other line unchanged."""
    text = without_glued_counter(block.text)
    return block if text == block.text or endings.prose[place] else block._replace(text=text)
