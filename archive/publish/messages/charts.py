"""Messages of charts."""

from archive.publish.messages.message import Messages

CHARTS: Messages = {
    "as_table": ("以表格显示", "As a table"),
    "unit_4": ("年份", "Year"),
    "unit_7": ("月份", "Month"),
    "unit_week": ("星期一", "Week from Monday"),
    "unit_10": ("日期", "Day"),
    "most_n": ("最多 {n}", "highest {n}"),
    "not_covered": ("未收录", "not archived"),
    "unknown_first": ("前 {n} 个月未收录", "nothing archived in the first {n} months"),
    "unknown_first_years": ("前 {n} 年未收录", "nothing archived in the first {n} years"),
}
