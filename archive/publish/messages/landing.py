"""What stands on the front page."""

from archive.publish.messages.message import Messages

LANDING: Messages = {
    "changed_lately": ("最近修改", "Recently changed"),
    "gone_lately": ("最近消失", "Recently gone"),
    "all_changes": ("全部变动", "All changes"),
    "all_gone_articles": ("全部已消失", "All that is gone"),
    "more_articles": ("更多文章", "More articles"),
    "nothing_changed": ("最近没有发现修改。", "No edit has been seen lately."),
    "nothing_gone": ("最近没有发现文章消失。", "Nothing is known to have disappeared lately."),
    "nothing_yet": ("还没有文章。", "No articles yet."),
    "collect_first": ("采集一个来源：", "Collect a source: "),
    "try_demo": ("或者先用示例看看：", "Or look at the demonstration first: "),
    "see_status": ("看各来源的采集状态", "See how the sources are collected"),
}
