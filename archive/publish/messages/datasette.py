"""The refusals of Datasette and SQLite in Chinese; they know English alone."""

import re

# In the order in which they are tried; `{0}` and `{1}` are what the groups of the pattern hold.
SENTENCES: tuple[tuple[str, str], ...] = (
    (r"Table not found", "没有这个数据表"),
    (r"Record not found", "没有这一行"),
    (r"Cannot sort table by (.+)", "不能按 {0} 排序"),
    (r"Cannot use _sort and _sort_desc at the same time", "_sort 和 _sort_desc 不能同时使用"),
    (r"Cannot search by that column", "不能在这一列中搜索"),
    (r"_size must be a positive integer", "_size：须为大于 0 的整数"),
    (r"_size must be <= (\d+)", "_size：最多 {0}"),
    (r"(_\w+)= is not allowed", "{0}：本站不开放"),
    (r"(_\w+)=(.+) - invalid columns", "{0}：没有这些列：{1}"),
    (r"Invalid _shape: (.+)", "_shape={0}：没有这种形式"),
    (r"CSV streaming is disabled", "_stream：本站不开放"),
    (r"Statement must be a SELECT", "语句须以 SELECT 开头"),
    (r"no such column: (.+)", "没有这一列：{0}"),
    (r"no such table: (.+)", "没有这个数据表：{0}"),
    (r"no such function: (.+)", "没有这个函数：{0}"),
    (r"near \"(.+)\": syntax error", "“{0}”附近的语法有误"),
    (r"incomplete input", "语句不完整"),
    (r"SQL cannot ask the search index here, .+", "本站并非刊登所有全文，SQL 不能查询搜索索引：请用 /search"),
    (r"main\. is not open here: .+", "这里不能写 main.：请只写表名"),
)
_KNOWN = [(re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in SENTENCES]


def in_chinese(sentence: str) -> str:
    """The sentence of Datasette or SQLite in Chinese, "" for one that is not in SENTENCES."""
    found = ((known.fullmatch(sentence), chinese) for known, chinese in _KNOWN)
    return next((chinese.format(*match.groups()) for match, chinese in found if match), "")
