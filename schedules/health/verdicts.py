"""The texts of the health rules, in English and in Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.answers import NEVER_PROVED
from archive.rows import REMEDY


@dataclass(frozen=True, slots=True)
class RuleText:
    """One finding in English and in Chinese."""

    en: str
    zh: str


def said(name: str, **values: object) -> RuleText:
    """The finding of this name in FINDINGS, with the values filled in."""
    en, zh = FINDINGS[name]
    return RuleText(en.format(**values), zh.format(**values))


def joined(found: Iterable[RuleText]) -> RuleText:
    """Several findings as one line, separated by semicolons; empty texts without any."""
    listed = list(found)
    return RuleText("; ".join(each.en for each in listed), "；".join(each.zh for each in listed))


def following(*found: RuleText) -> RuleText:
    """Findings as one text, without separators."""
    return RuleText("".join(each.en for each in found), "".join(each.zh for each in found))


def said_of(name: str, left: RuleText) -> RuleText:
    """The finding of this name in FINDINGS, with the finding `left` inside it."""
    return RuleText(said(name, left=left.en).en, said(name, left=left.zh).zh)


FINDINGS = {
    "lacking": (
        f": {REMEDY}",
        "：请从备份恢复，或运行 `thinker rebuild --accept-loss` 确认损失",
    ),
    "stores": ("captures and ledgers are complete", "快照和账本完整"),
    "proof_never": NEVER_PROVED,
    "proof_passed": ("`thinker verify --deep` passed at {at}", "`thinker verify --deep` 于 {at} 通过"),
    "proof_failed": (
        "`thinker verify --deep` found {faults} faults at {at}: run `thinker rebuild`, then verify again",
        "`thinker verify --deep` 于 {at} 发现 {faults} 处错误：请运行 `thinker rebuild`，再重新核验",
    ),
    "cluster": (
        "workers: {workers}, orders: {orders:,} ({leased:,} with workers), waiting segments: {segments:,}",
        "工作进程：{workers}，请求：{orders:,}（{leased:,} 个在处理），待入档分段：{segments:,}",
    ),
    "cluster_oldest": (", the oldest for {lag:.0f} s", "，最早的已等待 {lag:.0f} 秒"),
    "cluster_silent": (
        "the server of [cluster] in thinker.toml cannot be used ({cause}): start it, or correct `url`",
        "thinker.toml 中 [cluster] 的服务器无法使用（{cause}）：请启动它，或更正 `url`",
    ),
    "cluster_client": (
        "the extra [cluster] is missing: pip install redis",
        "缺少扩展 [cluster]：请运行 pip install redis",
    ),
    "cluster_without_workers": (": start `thinker worker`", "：请启动 `thinker worker`"),
    "cluster_late": (": see that `thinker ingest` runs", "：请检查 `thinker ingest` 是否在运行"),
    "schedule": ("sources scheduled: {count}, none is late", "已排期 {count} 个来源，均未延误"),
    "schedule_paused": (
        "sources scheduled: {count}, none is late (paused: {paused})",
        "已排期 {count} 个来源，均未延误（已暂停：{paused}）",
    ),
    "not_since": (
        "{source} has not been crawled since {at} ({schedule}): check that `thinker schedule run` is running; "
        "`thinker status` shows the last lines of its crawls",
        "{source} 自 {at} 起没有采集（{schedule}）：请检查 `thinker schedule run` 是否在运行；`thinker status` "
        "会显示采集日志的末尾几行",
    ),
    "never_crawled": (
        "{source} was never crawled ({schedule}): check that `thinker schedule run` is running; `thinker status` "
        "shows the last lines of its crawls",
        "{source} 从未采集（{schedule}）：请检查 `thinker schedule run` 是否在运行；`thinker status` "
        "会显示采集日志的末尾几行",
    ),
    "not_known": (
        "{source} was never crawled ({schedule}), and the scheduler running since {at} does not know it: restart "
        "`thinker run` or `thinker schedule run`, which reads thinker.toml only at the start",
        "{source} 从未采集（{schedule}），自 {at} 起运行的调度程序没有读到它：请重新启动 `thinker run` 或 "
        "`thinker schedule run`，它们只在启动时读取 thinker.toml",
    ),
    "not_crawled": ("nothing has been crawled yet", "尚未采集"),
    "crawls": ("the last crawl of every source ended well", "各来源最近一次采集均正常结束"),
    "ended_as": (
        "{source}: the crawl of {at} ended as {reason}: run `thinker crawl {source}` to see why",
        "{source}：{at} 的采集以 {reason} 结束：运行 `thinker crawl {source}` 可查看原因",
    ),
    "ended_stalled": (
        "{source}: the crawl of {at} stalled and was ended: run `thinker doctor {source}` to check each list",
        "{source}：{at} 的采集停滞，已被结束：请用 `thinker doctor {source}` 逐一检查各列表",
    ),
    "hung": (
        "{source}: the process that crawled the slot of {at} hung and was ended: `thinker status` shows it and its "
        "last request; run `thinker crawl {source}` to try again",
        "{source}：{at} 时段的采集进程停止响应，已被结束：`thinker status` 会列出该进程和最后的请求；运行 "
        "`thinker crawl {source}` 可重试",
    ),
    "errors": (
        "{source}: {errors} errors in {requests} requests in the crawl of {at}, more than {percent}%: run "
        "`thinker crawl {source}` to see them",
        "{source}：{at} 的采集共 {requests} 次请求，出错 {errors} 次，超过 {percent}%：运行 "
        "`thinker crawl {source}` 可查看错误",
    ),
    "answers": ("the article pages of every source answer", "各来源的文章均可访问"),
    "silent_slots": (
        "{source}: no article page answered in {count} slots, from {first} to {last}",
        "{source}：{first} 至 {last} 的 {count} 个时段没有文章能打开",
    ),
    "silent_crawls": (
        "{source}: no article page answered in {count} crawls, from {first} to {last}",
        "{source}：{first} 至 {last} 的 {count} 次采集没有文章能打开",
    ),
    "answered_last": (" (the last answer was in the crawl of {at})", "（上一次打开是在 {at} 的采集）"),
    "because_waiting": (
        ": the site asks to wait: set a longer `delay` in thinker.toml, or ask the publisher",
        "：网站要求稍后再来。请在 thinker.toml 中加大 `delay`，或与发布者联系",
    ),
    "because_robots": (
        ": robots.txt forbids it: ask the publisher, or run `thinker schedule pause {source}`",
        "：网站的 robots.txt 不允许。请与发布者联系，或运行 `thinker schedule pause {source}`",
    ),
    "because_policy": (
        ": our own rules forbid it: check `never`, `hosts` and `allow` in thinker.toml",
        "：本机规则不允许。请检查 thinker.toml 的 `never`、`hosts` 和 `allow`",
    ),
    "because_limit": (": `--limit` ended the crawl early: use a higher one", "：`--limit` 使采集提前结束。请调高"),
    "because_budget": (
        ": the budget was used up early: raise `budget_pages`, `budget_bytes`, `budget_seconds` or "
        "`requests_per_day` in thinker.toml",
        "：预算提前用完。请在 thinker.toml 中调高 `budget_pages`、`budget_bytes`、`budget_seconds` 或 "
        "`requests_per_day`",
    ),
    "because_stopped": (
        ": the crawl was stopped early, by a signal or by the limit of six hours: give it more time, or read fewer "
        "`pages` of its lists",
        "：采集因信号或六小时的上限提前中止。请留足时间，或减少列表的 `pages`",
    ),
    "because_stalled": (
        ": the host accepts connections but does not answer: run `thinker doctor {source}` to check each list",
        "：网站接受连接却没有响应。请用 `thinker doctor {source}` 逐一检查各列表",
    ),
    "because_outage": (
        ": nothing answers: check that this machine is online, then run `thinker doctor {source}` to check each list",
        "：没有任何响应。请检查本机是否联网，再用 `thinker doctor {source}` 逐一检查各列表",
    ),
    "because_finished": (
        ": run `thinker doctor {source}` to see what its lists name and its pages contain",
        "：运行 `thinker doctor {source}` 可查看列表和页面的内容",
    ),
    "because_other": (
        ": the crawl ended as {reason}: run `thinker crawl {source}` to see why",
        "：采集以 {reason} 结束。运行 `thinker crawl {source}` 可查看原因",
    ),
    "expectations": ("every source shows at least as many articles as expected", "各来源的文章数均不少于预期"),
    "short": (
        "{source}: {seen} articles seen in the crawl of {at}, {expected} expected: run `thinker doctor {source}` to "
        "see what to change",
        "{source}：{at} 的采集只见到 {seen} 篇文章，预期 {expected} 篇：运行 `thinker doctor {source}` 可查看如何调整",
    ),
    "silent": (
        "{source}: no article seen in the crawl of {at}, after {seen} in the crawl of {before}: run "
        "`thinker doctor {source}` to see what to change",
        "{source}：{at} 的采集没有见到文章，此前 {before} 的采集见到 {seen} 篇：运行 `thinker doctor {source}` "
        "可查看如何调整",
    ),
    "hosts": ("no list or redirect leads to articles on an undeclared host", "列表和跳转均未指向未声明的主机"),
    "moved": (
        "{source}: {articles} articles are on an undeclared host and so are not crawled, such as {url}: if the site "
        "moved there, add to thinker.toml under `[sources.{source}]`: ",
        "{source}：{articles} 篇文章位于未声明的主机，因此没有采集，例如 {url} 。若网站已迁到该处，请在 "
        "thinker.toml 的 `[sources.{source}]` 下写明：",
    ),
    "addresses": (
        "no source names known articles at new addresses in each crawl",
        "没有来源在每次采集时用新网址重复列出已有文章",
    ),
    "known_again_parameter": (
        "{source}: {count} new addresses of the crawl of {at} show articles that are known; only {names} differs: "
        "write `{line}` under `[sources.{source}]` in thinker.toml",
        "{source}：{at} 的采集有 {count} 个新网址显示的是已有文章，只有 {names} 不同：请在 thinker.toml 的 "
        "`[sources.{source}]` 下写明 `{line}`",
    ),
    "known_again": (
        "{source}: {count} new addresses of the crawl of {at} show articles that are known, such as {new} the article "
        "of {old} : narrow `scope` in thinker.toml, or add them to `never`",
        "{source}：{at} 的采集有 {count} 个新网址显示的是已有文章，例如 {new} 与 {old} 相同：请在 thinker.toml 中缩小 "
        "`scope`，或写入 `never`",
    ),
    "lists": ("no list has failed twice in a row", "没有列表连续两次无法读取"),
    "list_never_answered": (
        "{source}: the list {url} never answered, in {crawls} crawls since {since} ({cause}): run "
        "`thinker doctor {source}` to check each list, then correct the address or remove it",
        "{source}：列表 {url} 从未成功读取，自 {since} 起已采集 {crawls} 次（{cause}）：请用 "
        "`thinker doctor {source}` 逐一检查，改正网址或将其删去",
    ),
    "list_fails": (
        "{source}: the list {url} has failed since {since}, in {crawls} crawls ({cause}): run "
        "`thinker doctor {source}` to check each list; missing articles wait for it for at most {patience} crawls",
        "{source}：列表 {url} 自 {since} 起无法读取，已采集 {crawls} 次（{cause}）：请用 `thinker doctor {source}` "
        "逐一检查；缺失的文章最多等待 {patience} 次采集",
    ),
    "more_lists_fail": (
        "{source}: {count} more lists fail: see `thinker status --json`",
        "{source}：另有 {count} 个列表无法读取：详见 `thinker status --json`",
    ),
    "presence": ("every missing article has a verdict", "缺失的文章均已有结论"),
    "unjudged": (
        "{source}: {count} articles have not answered, the first since {since}, and no control page showed that the "
        "site was working: see `thinker show {key}` and the page /removed",
        "{source}：{count} 篇文章没有响应（最早自 {since}），也没有对照页可以说明网站正常：详见 "
        "`thinker show {key}` 和 /removed 页",
    ),
    "unjudged_then": (
        "{source}: {count} articles, {key} among them, have not answered, the first since {since}, "
        "while a list could not be read: they will be visited again",
        "{source}：{count} 篇文章没有响应（最早自 {since}），当时有列表无法读取：将再次访问，其中有 {key}",
    ),
    "unjudged_lists": (
        "{source}: {count} articles, {key} among them, have not answered, the first since {since}: "
        "no verdict while {lists} fails",
        "{source}：{count} 篇文章没有响应（最早自 {since}）：在 {lists} 恢复之前暂不判断，其中有 {key}",
    ),
    "layout": ("every source has the layout that its last crawl expected", "各来源的版式与最近一次采集的预期一致"),
    "pages_wait": (
        "{source}: {count} pages wait because text and layout changed together: adapt the page class",
        "{source}：{count} 页的正文和版式同时变化，暂不入库：请调整页面类",
    ),
    "other_layout": (
        "{source}: {other} pages have a new layout, {waiting} of them wait: run `thinker doctor {source}` to see "
        "what can be read",
        "{source}：{other} 页换了版式，其中 {waiting} 页暂不入库：运行 `thinker doctor {source}` 可查看能读到的内容",
    ),
    "other_layout_lost": (
        "{source}: {other} pages have a new layout, and {waiting} of them are held back; no longer "
        "found on them: {lost}; run `thinker doctor {source}` to see what can be read",
        "{source}：{other} 页换了版式，其中 {waiting} 页暂不入库，缺失：{lost}；运行 `thinker doctor {source}` "
        "可查看能读到的内容",
    ),
    "quarantine": ("no capture waits for an upgrade", "没有快照等待程序升级"),
    "quarantined": (
        "{source}: {count} captures wait for a newer version of thinker: upgrade",
        "{source}：{count} 份快照须用新版程序解析：请升级",
    ),
    "frontier": ("no scheduled address is overdue", "已排期的网址均未逾期"),
    "overdue": (
        "{source}: {count} addresses are overdue by more than {days} days: give crawls more time, shorten `delay` "
        "or raise `requests_per_day`",
        "{source}：{count} 个网址逾期超过 {days} 天：请给采集更多时间，缩短 `delay`，或调高 `requests_per_day`",
    ),
    "dead_letters": ("no address was given up", "没有停止重试的网址"),
    "given_up": (
        "{source}: {count} addresses never answered and are no longer tried: {named}: run "
        "`thinker crawl {source} --recheck all` to try again, or add them to `never` in thinker.toml",
        "{source}：{count} 个网址始终没有响应，已停止重试：{named}。运行 `thinker crawl {source} --recheck all` "
        "可再试，或写入 thinker.toml 的 `never`",
    ),
    "given_up_more": (
        "{source}: {count} addresses never answered and are no longer tried: {named} and {more} more: run "
        "`thinker crawl {source} --recheck all` to try again, or add them to `never` in thinker.toml",
        "{source}：{count} 个网址始终没有响应，已停止重试：{named} 等，另有 {more} 个。运行 "
        "`thinker crawl {source} --recheck all` 可再试，或写入 thinker.toml 的 `never`",
    ),
    "undeclared": (" (not declared: {left})", "（未声明：{left}）"),
    "no_watch": ("no watch is defined", "没有设定关注"),
    "watches": ("every message was sent", "消息均已发出"),
    "watches_unreadable": ("watches.db cannot be read: {error}", "无法读取 watches.db：{error}"),
    "watch_refused": (
        "{watch}: its address refused {count} of its messages ({reason}): correct it, then run "
        "`thinker watch resume {watch}`; `thinker watch show {watch}` shows more",
        "{watch}：接收地址拒收 {count} 条消息（{reason}）：请改正，再运行 `thinker watch resume {watch}`；"
        "`thinker watch show {watch}` 可查看详情",
    ),
    "watch_fails": (
        "{watch}: its address has not taken messages since {since} ({reason}); {count} wait, the next try is at {next}",
        "{watch}：接收地址自 {since} 起收不到消息（{reason}），{count} 条在等待，下次重试 {next}",
    ),
    "watches_unsent": (
        "{count} messages have waited since {since}: start `thinker run`, or run `thinker watch run --once` from cron",
        "{count} 条消息自 {since} 起未发出：请启动 `thinker run`，或用 cron 运行 `thinker watch run --once`",
    ),
    "watches_unread": (
        "no event since {since} was looked at: start `thinker run`, or run `thinker watch run --once` from cron",
        "自 {since} 起的变动尚未查看：请启动 `thinker run`，或用 cron 运行 `thinker watch run --once`",
    ),
    "no_articles": ("the archive has no articles yet", "档案库中还没有文章"),
    "search": ("all {articles} articles are in the index", "全部 {articles} 篇文章都在索引中"),
    "not_indexed": (
        "{indexed} index rows for {articles} articles: run `thinker reindex`",
        "{articles} 篇文章只有 {indexed} 条索引：请运行 `thinker reindex`",
    ),
    "pace_unknown": ("a forecast needs two weeks of crawls", "采集满两周后才能估计可用多久"),
    "pace_slow": ("at {daily} a day this lasts for more than ten years", "每天约增 {daily}，可用十年以上"),
    "pace": ("at {daily} a day this lasts until about {day}", "每天约增 {daily}，约可用到 {day}"),
    "disk_soon": (
        "{free} MB free, minimum {floor} MB: at {daily} a day crawls stop about {day}: free some space",
        "剩余 {free} MB，下限 {floor} MB：每天约增 {daily}，约于 {day} 停止采集，请腾出空间",
    ),
    "disk": ("{free} MB free, minimum {floor} MB", "剩余 {free} MB，下限 {floor} MB"),
    "disk_low": (
        "{free} MB free, minimum {floor} MB: crawls are stopped: free some space",
        "剩余 {free} MB，下限 {floor} MB：采集已停止，请腾出空间",
    ),
}
