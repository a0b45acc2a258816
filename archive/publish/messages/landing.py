"""Messages of the front page."""

from archive.publish.messages.message import Messages

LANDING: Messages = {
    "ask": ("比如，可以问：", "You can ask, for example:"),
    "ask_removed": ("{month}消失了哪些文章？", "What was removed in {month}?"),
    "removed_n": ("{n} 篇", "{n} articles"),
    "removed_one": ("{n} 篇", "{n} article"),
    "removed_at_least_n": ("至少 {n} 篇", "At least {n} articles"),
    "removed_at_least_one": ("至少 {n} 篇", "At least {n} article"),
    "removed_none": ("没有发现", "None, as far as we know"),
    "ask_phrase": ("“{text}”何时首次出现？", "When did “{text}” first appear?"),
    "ask_edit": ("这篇文章改了什么？", "What did they change in this text?"),
    "articles_by_week": ("每周篇数", "Articles by week"),
    "changed_lately": ("最近修改与恢复", "Recently edited or restored"),
    "gone_lately": ("最近消失", "Recently removed"),
    "all_changes": ("全部变动", "All changes"),
    "all_gone_articles": ("全部已消失文章", "All removed articles"),
    "more_articles": ("更多文章", "More articles"),
    "nothing_changed": ("最近没有发现修改。", "No recent edits."),
    "nothing_gone": ("最近没有发现文章消失。", "No recent removals."),
    "nothing_yet": ("还没有文章。", "No articles yet."),
    "collect_first": ("采集一个来源：", "Crawl a source: "),
    "try_demo": ("或者先看演示：", "Or try the demo first: "),
    "see_status": ("查看各来源的采集状态", "See the crawl status of each source"),
}
