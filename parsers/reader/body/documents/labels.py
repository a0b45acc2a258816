"""The labels of a policy document's block, and the rows of a table that is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

# Labels of numbers, of which a document has one.
_NUMBERS = "索引号 索取号 信息索引号 文号 发文字号 公文文号 发文文号 发布文号 文件编号 文件字号"
# Two of these make a document, or one of its numbers with another field.
_TELLING = """
    发文机关 发文机构 发文单位 发布机构 发布机关 制发机关 制文机关 印发机关 公开主体 信息公开主体 成文日期 成文时间
    发文日期 发文时间 生成日期 生成时间 主题词 有效性 公文有效性 文件有效性 信息有效性 是否有效 时效性 公文时效 效力状态
    文件状态 文件效力
"""
_OTHERS = """
    主题分类 发布单位 发布主体 签发日期 签发时间 印发日期 印发时间 发布日期 发布时间 公布日期 公布时间 公开日期 公开时间
    公文种类 公文类别
    信息分类 体裁分类 组配分类 公开方式 公开时限 公开属性 公开类别 公开类型 公开范围 公开形式 生效日期 施行日期 实施日期
    废止日期 失效日期 责任部门 公开责任部门
"""
# Bylines and menus have these too: they count only inside a block.
_COMMON = "标题 名称 信息名称 文件名称 关键词 来源 信息来源 有效期 内容概述"
_WORDS = "标题 名称 信息名称 文件名称 关键词 主题词 内容概述"  # their values may hold 昨天 or 阅读 12
WORDS = frozenset(_WORDS.split())
NUMBERS, COMMON = frozenset(_NUMBERS.split()), frozenset(_COMMON.split())
TELLING = NUMBERS | frozenset(_TELLING.split())
LABELS = TELLING | COMMON | frozenset(_OTHERS.split())
SPACE = re.compile(r"\s+")


def document_rows(lines: Sequence[str]) -> frozenset[str]:
    """All rows of the first table if its cells hold two different labels that only documents have; else an empty set.

    `lines` are the rows of tables, with "" for every other line; the table ends at the first "" after it.
    """
    rows = list(takewhile(bool, dropwhile(lambda line: not line, lines)))
    names = {SPACE.sub("", cell).rstrip(":：") for row in rows for cell in row.split("\t")}
    return frozenset(rows if sum([name in names for name in TELLING]) >= 2 else ())
