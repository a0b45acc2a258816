"""What stands at charts."""

from archive.publish.messages.message import Messages

CHARTS: Messages = {
    "as_table": ("以表格显示", "As a table"),
    "unit_4": ("年份", "Year"),
    "unit_7": ("月份", "Month"),
    "unit_10": ("日期", "Day"),
    "most_n": ("最多 {n}", "highest {n}"),
    "not_covered": ("没有采集", "not covered"),
    "unknown_first": ("前 {n} 个月没有收录", "nothing archived for the first {n} months"),
    "unknown_first_years": ("前 {n} 年没有收录", "nothing archived for the first {n} years"),
}
