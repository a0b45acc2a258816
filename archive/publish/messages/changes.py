"""Messages of lists of events and of feeds."""

from archive.publish.messages.message import Messages

CHANGES: Messages = {
    "feed_of_this": ("订阅本页", "Subscribe to this page"),
    "person_feed": ("人物", "Person"),
    "tag_feed": ("关键词", "Keyword"),
    "day_feed": ("日期", "Day"),
    "year_feed": ("年份", "Year"),
    "at_beijing": ("{at}（北京时间）", "{at} (Beijing time)"),
    "with_new": ("列出新增", "Show new articles"),
    "by_kind": ("按种类筛选", "Filter by kind"),
    "filters": ("筛选", "Filter"),
    "all_kinds": ("全部变动", "All changes"),
    "all_gone": ("全部", "All"),
    "every_source": ("全部来源", "All sources"),
    "from_day": ("自", "From"),
    "to_day": ("至", "To"),
    "clear_filters": ("清除筛选", "Clear the filters"),
    "evidence_n": ("依据：{n} 次访问", "Evidence: {n} visits"),
    "evidence_one": ("依据：1 次访问", "Evidence: 1 visit"),
    "evidence_lists": ("依据：读取列表 {n} 次", "Evidence: lists read {n} times"),
    "nothing_fits": ("没有符合筛选条件的记录。", "No entries match these filters."),
    "nothing_standing": (
        "这一段时间消失的文章均已恢复，请继续查看更早的记录。",
        "Every article removed in this period came back. See older entries.",
    ),
}
