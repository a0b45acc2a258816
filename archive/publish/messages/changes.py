"""What stands on the lists of events, and in feeds."""

from archive.publish.messages.message import Messages

CHANGES: Messages = {
    "feed_of_this": ("订阅本页", "Subscribe to this page"),
    "person_feed": ("人物", "Person"),
    "tag_feed": ("关键词", "Tag"),
    "day_feed": ("日期", "Day"),
    "year_feed": ("年份", "Year"),
    "at_beijing": ("{at}（北京时间）", "{at} (Beijing time)"),
    "with_new": ("也列出新增", "With new articles too"),
    "by_kind": ("按种类筛选", "Filter by kind"),
    "filters": ("筛选", "Filter"),
    "all_kinds": ("全部变动", "All changes"),
    "all_gone": ("全部", "All"),
    "every_source": ("全部来源", "All sources"),
    "from_day": ("自", "From"),
    "to_day": ("至", "To"),
    "clear_filters": ("清除筛选", "Clear the filters"),
    "evidence_n": ("证据：{n} 次访问", "Evidence: {n} visits"),
    "evidence_one": ("证据：1 次访问", "Evidence: 1 visit"),
    "evidence_lists": ("证据：列表 {n} 次", "Evidence: lists read {n} times"),
    "nothing_fits": ("没有符合筛选的记录。", "Nothing fits these filters."),
    "nothing_standing": (
        "所查的这一段里没有至今仍然成立的消失记录，请继续往前看。",
        "In this stretch every disappearance was taken back: go on to older ones.",
    ),
}
