"""Messages of the front page."""

from archive.publish.messages.message import Messages

LANDING: Messages = {
    "changed_lately": ("最近修改", "Recently edited"),
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
