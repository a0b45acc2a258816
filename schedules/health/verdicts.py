"""The texts of the health rules, in English and in Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.rows import REMEDY


@dataclass(frozen=True, slots=True)
class RuleText:
    """One finding in both languages."""

    en: str
    zh: str


def said(name: str, **values: object) -> RuleText:
    """A finding of the table below with its values filled in."""
    en, zh = _FINDINGS[name]
    return RuleText(en.format(**values), zh.format(**values))


def joined(found: Iterable[RuleText]) -> RuleText:
    """Several findings as one line."""
    listed = list(found)
    return RuleText("; ".join(each.en for each in listed), "；".join(each.zh for each in listed))


def following(*found: RuleText) -> RuleText:
    """Findings as one text, without separators."""
    return RuleText("".join(each.en for each in found), "".join(each.zh for each in found))


def said_of(name: str, left: RuleText) -> RuleText:
    """A finding of the table below that contains another one."""
    return RuleText(said(name, left=left.en).en, said(name, left=left.zh).zh)


_FINDINGS = {
    "lacking": (
        f": {REMEDY}",
        "：请从备份恢复，或运行 `thinker rebuild --accept-loss` 确认损失",
    ),
    "stores": ("captures and ledger hold all that was entered", "采集与记录链保有全部已入档的内容"),
    "proof_never": ("`thinker verify --deep` was never run", "还没有运行过 `thinker verify --deep`"),
    "proof_passed": ("`thinker verify --deep` passed at {at}", "`thinker verify --deep` 于 {at} 通过"),
    "proof_failed": (
        "`thinker verify --deep` found {faults} faults at {at}: `thinker rebuild`, then verify again",
        "`thinker verify --deep` 于 {at} 发现 {faults} 处错误：请运行 `thinker rebuild`，然后重新核验",
    ),
    "schedule": ("{count} scheduled, none is late", "已排期 {count} 个来源，均未延误"),
    "schedule_paused": (
        "{count} scheduled, none is late (paused: {paused})",
        "已排期 {count} 个来源，均未延误（已暂停：{paused}）",
    ),
    "not_since": (
        "{source} has not been crawled since {at} ({schedule}): is `thinker schedule run` running? `thinker status` "
        "has the last lines of its crawls",
        "{source} 自 {at} 起没有采集（{schedule}）：`thinker schedule run` 是否在运行？`thinker status` "
        "会显示采集的末尾几行",
    ),
    "never_crawled": (
        "{source} was never crawled ({schedule}): is `thinker schedule run` running? `thinker status` has the last "
        "lines of its crawls",
        "{source} 从未采集（{schedule}）：`thinker schedule run` 是否在运行？`thinker status` 会显示采集的末尾几行",
    ),
    "not_known": (
        "{source} was never crawled ({schedule}), and the scheduler that runs since {at} does not know of it: start "
        "`thinker run` or `thinker schedule run` again, which reads thinker.toml when it begins",
        "{source} 从未采集（{schedule}），自 {at} 起运行的调度程序不知道它：请重新启动 `thinker run` 或 "
        "`thinker schedule run`，它们只在启动时读取 thinker.toml",
    ),
    "not_crawled": ("nothing has been crawled yet", "尚未采集"),
    "crawls": ("the last crawl of every source ended well", "各来源最近一次采集均正常结束"),
    "ended_as": (
        "{source}: the crawl of {at} ended as {reason}: `thinker crawl {source}` says why",
        "{source}：{at} 的采集以 {reason} 结束，`thinker crawl {source}` 会说明原因",
    ),
    "ended_stalled": (
        "{source}: the crawl of {at} asked nothing any more and was ended: `thinker doctor {source}` asks each list",
        "{source}：{at} 的采集不再发出请求，已被结束。`thinker doctor {source}` 会逐一检查各列表",
    ),
    "hung": (
        "{source}: the process that crawled the slot of {at} hung and was ended: `thinker status` names it and its "
        "last request, `thinker crawl {source}` tries again",
        "{source}：{at} 时段的采集进程停住，已被结束。`thinker status` 会列出该进程与最后的请求，"
        "`thinker crawl {source}` 可再试",
    ),
    "errors": (
        "{source}: {errors} errors in {requests} requests in the crawl of {at}, more than {percent} %: "
        "`thinker crawl {source}` says which",
        "{source}：{at} 的采集共 {requests} 次请求，出错 {errors} 次，超过 {percent} %，"
        "`thinker crawl {source}` 会逐一说明",
    ),
    "answers": ("articles of every source answer", "各来源均有文章应答"),
    "silent_slots": (
        "{source}: no article answered in {count} slots, those of {first} to {last}",
        "{source}：{first} 至 {last} 的 {count} 个时段没有文章应答",
    ),
    "silent_crawls": (
        "{source}: no article answered in {count} crawls, those of {first} to {last}",
        "{source}：{first} 至 {last} 的 {count} 次采集没有文章应答",
    ),
    "answered_last": (" (one did in the crawl of {at})", "（最后一次应答是在 {at} 的采集）"),
    "because_waiting": (
        ": its host asks for patience: give it a longer `delay` in thinker.toml, or ask its publisher",
        "：网站要求稍后再来。请在 thinker.toml 加大 `delay`，或与发布者联系",
    ),
    "because_robots": (
        ": its robots.txt forbids it: ask its publisher, or `thinker schedule pause {source}`",
        "：其 robots.txt 不允许。请与发布者联系，或运行 `thinker schedule pause {source}`",
    ),
    "because_policy": (
        ": our own rules refuse it: look at `never`, `hosts` and `allow` in thinker.toml",
        "：被本机规则拒绝。请检查 thinker.toml 的 `never`、`hosts` 与 `allow`",
    ),
    "because_limit": (
        ": `--limit` ended the crawl before: give a higher one",
        "：`--limit` 使采集提前结束。请放宽",
    ),
    "because_budget": (
        ": the budget was spent before: raise `budget_pages`, `budget_bytes`, `budget_seconds` or `requests_per_day` "
        "in thinker.toml",
        "：预算提前用完。请在 thinker.toml 放宽 `budget_pages`、`budget_bytes`、`budget_seconds` 或 `requests_per_day`",
    ),
    "because_stopped": (
        ": the crawl was stopped before, by a signal or after the six hours that one has: give it time, "
        "or fewer `pages` of its lists",
        "：采集被信号或六小时的上限提前中止。请留足时间，或减少列表的 `pages`",
    ),
    "because_stalled": (
        ": its host takes connections and does not answer: `thinker doctor {source}` asks each list",
        "：网站接受连接却不应答。`thinker doctor {source}` 会逐一检查各列表",
    ),
    "because_outage": (
        ": nothing answers: is this machine online? `thinker doctor {source}` asks each list",
        "：没有任何应答。本机是否联网？`thinker doctor {source}` 会逐一检查各列表",
    ),
    "because_finished": (
        ": `thinker doctor {source}` says what its lists name and what its pages give",
        "：`thinker doctor {source}` 会列出其列表与页面的内容",
    ),
    "because_other": (
        ": the crawl ended as {reason}: `thinker crawl {source}` says why",
        "：采集以 {reason} 结束，`thinker crawl {source}` 会说明原因",
    ),
    "expectations": (
        "every source shows as many articles as expected",
        "各来源见到的文章数不少于预期",
    ),
    "short": (
        "{source}: {seen} of {expected} expected in the crawl of {at}: `thinker doctor {source}` says what to change",
        "{source}：{at} 的采集预期 {expected} 篇，只见到 {seen} 篇：运行 `thinker doctor {source}` 可知如何更改",
    ),
    "silent": (
        "{source}: no article in the crawl of {at}, after {seen} in that of {before}: "
        "`thinker doctor {source}` says what to change",
        "{source}：{at} 的采集没有见到文章，而 {before} 的采集见到 {seen} 篇："
        "运行 `thinker doctor {source}` 可知如何更改",
    ),
    "hosts": (
        "no list or redirect names articles on a host that is not declared",
        "列表与转向均未指向未声明的主机上的文章",
    ),
    "moved": (
        "{source}: {articles} articles stand on a host that is not declared and so is not asked, such as {url}: if the "
        "site has moved there, say in thinker.toml under `[sources.{source}]`: ",
        "{source}：{articles} 篇文章被指到未声明的主机，因此没有访问，例如 {url} 。若网站已迁至该处，"
        "请在 thinker.toml 的 `[sources.{source}]` 下写明：",
    ),
    "lists": ("no list has failed twice in a row", "没有列表连续两次读不到"),
    "list_never_answered": (
        "{source}: the list {url} never answered, in {crawls} crawls since {since} ({cause}): "
        "`thinker doctor {source}` asks each list; correct its address or take it out",
        "{source}：列表 {url} 从未读到，自 {since} 起已 {crawls} 次采集（{cause}）："
        "请用 `thinker doctor {source}` 逐一检查，改正地址或将其删去",
    ),
    "list_fails": (
        "{source}: the list {url} has failed since {since}, in {crawls} crawls ({cause}): "
        "`thinker doctor {source}` asks each list; what is missing waits for it in {patience} crawls, not longer",
        "{source}：列表 {url} 自 {since} 起读不到，已 {crawls} 次采集（{cause}）："
        "请用 `thinker doctor {source}` 逐一检查；满 {patience} 次之后，缺失的文章不再等它",
    ),
    "more_lists_fail": (
        "{source}: {count} more lists fail: `thinker status --json` lists them",
        "{source}：另有 {count} 个列表读不到：详见 `thinker status --json`",
    ),
    "presence": ("every missing article is judged", "缺失的文章均已作出判断"),
    "unjudged": (
        "{source}: {count} articles have not answered, the first since {since}, and nothing could vouch for their "
        "site: {key}: `thinker show` says why, /removed lists them",
        "{source}：{count} 篇文章没有应答（最早自 {since}），没有可以佐证其网站正常的页面：{key}："
        "详见 `thinker show` 与 /removed",
    ),
    "unjudged_then": (
        "{source}: {count} articles have not answered, the first since {since}, when a list could not be read, and are "
        "asked again: {key}",
        "{source}：{count} 篇文章没有应答（最早自 {since}），当时有列表读不到，将再次访问：{key}",
    ),
    "unjudged_lists": (
        "{source}: {count} articles have not answered, the first since {since}, and are not judged while {lists} "
        "fails: {key}",
        "{source}：{count} 篇文章没有应答（最早自 {since}），在 {lists} 恢复之前暂不判断：{key}",
    ),
    "layout": (
        "every source has the layout its last crawl expected",
        "各来源的版式与最近一次采集的预期一致",
    ),
    "pages_wait": (
        "{source}: {count} pages wait, for text and layout changed together: adapt the page class",
        "{source}：{count} 页的正文与版式同时变了，暂缓入档：请调整页面类",
    ),
    "other_layout": (
        "{source}: another layout on {other} pages, {waiting} wait: `thinker doctor {source}` says what they give",
        "{source}：{other} 页换了版式，{waiting} 页暂缓入档。`thinker doctor {source}` 会列出能读到什么",
    ),
    "other_layout_lost": (
        "{source}: another layout on {other} pages, {waiting} wait, lost: {lost}: `thinker doctor {source}` says what "
        "they give",
        "{source}：{other} 页换了版式，{waiting} 页暂缓入档；缺失：{lost}。`thinker doctor {source}` 会列出能读到什么",
    ),
    "quarantine": ("no capture waits for a newer version", "没有采集在等待更新的版本"),
    "quarantined": (
        "{source}: {count} captures wait for a newer version, which tries them again: upgrade",
        "{source}：{count} 次采集在等待更新的版本重新处理：请升级",
    ),
    "frontier": ("nothing scheduled waits for long", "已排期的网址没有久等的"),
    "overdue": (
        "{source}: {count} urls are due for more than {days} days: give crawls more time, or a shorter `delay`, or "
        "more `requests_per_day`",
        "{source}：{count} 个网址到期超过 {days} 天：请给采集更多时间，缩短 `delay`，或放宽 `requests_per_day`",
    ),
    "dead_letters": ("no address was given up", "没有放弃的网址"),
    "given_up": (
        "{source}: {count} never answered and are asked no more: {named}: "
        "`thinker crawl {source} --recheck all` asks again, `never` in thinker.toml lets them rest",
        "{source}：{count} 个网址始终没有应答，不再访问：{named}。"
        "`thinker crawl {source} --recheck all` 可再试，thinker.toml 的 `never` 可排除",
    ),
    "given_up_more": (
        "{source}: {count} never answered and are asked no more: {named} and {more} more: "
        "`thinker crawl {source} --recheck all` asks again, `never` in thinker.toml lets them rest",
        "{source}：{count} 个网址始终没有应答，不再访问：{named} 等，另有 {more} 个。"
        "`thinker crawl {source} --recheck all` 可再试，thinker.toml 的 `never` 可排除",
    ),
    "undeclared": (" (not declared: {left})", "（未声明：{left}）"),
    "no_articles": ("the archive has no article yet", "档案中还没有文章"),
    "search": ("all {articles} articles are in the index", "全部 {articles} 篇文章都在索引中"),
    "not_indexed": (
        "{indexed} index rows for {articles} articles: run `thinker reindex`",
        "{articles} 篇文章只有 {indexed} 条索引：请运行 `thinker reindex`",
    ),
    "pace_unknown": (
        "how long that lasts can be said after two weeks of crawls",
        "能用多久，采集满两周后才能估计",
    ),
    "pace_slow": ("at {daily} a day it lasts for more than ten years", "每天约增 {daily}，可用十年以上"),
    "pace": ("at {daily} a day it lasts until about {day}", "每天约增 {daily}，约可用到 {day}"),
    "disk_soon": (
        "{free} MB free, the floor is {floor} MB: at {daily} a day crawls stop about {day}: make room",
        "剩余 {free} MB，下限 {floor} MB：每天约增 {daily}，约于 {day} 停止采集，请腾出空间",
    ),
    "disk": ("{free} MB free, the floor is {floor} MB", "剩余 {free} MB，下限 {floor} MB"),
    "disk_low": (
        "{free} MB free, the floor is {floor} MB: crawls stop; make room",
        "剩余 {free} MB，下限 {floor} MB：采集已停止，请腾出空间",
    ),
}
