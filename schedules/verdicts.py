"""What the health rules say, in English and in Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One finding in both languages."""

    en: str
    zh: str


def said(name: str, **values: object) -> Said:
    """A finding of this table with its values filled in."""
    en, zh = _FINDINGS[name]
    return Said(en.format(**values), zh.format(**values))


def joined(found: Iterable[Said]) -> Said:
    """Several findings as one line."""
    listed = list(found)
    return Said("; ".join(each.en for each in listed), "；".join(each.zh for each in listed))


def said_of(name: str, left: Said) -> Said:
    """A finding of this table about another one."""
    return Said(said(name, left=left.en).en, said(name, left=left.zh).zh)


_FINDINGS = {
    "stores": ("captures and ledger hold all that was entered", "采集与记录链保有全部已入档的内容"),
    "proof_never": ("`thinker verify --deep` was never run", "还没有运行过 `thinker verify --deep`"),
    "proof_passed": ("`thinker verify --deep` passed at {at}", "`thinker verify --deep` 于 {at} 通过"),
    "proof_failed": (
        "`thinker verify --deep` found {faults} faults at {at}: run it again",
        "`thinker verify --deep` 于 {at} 发现 {faults} 处错误：请再运行一次",
    ),
    "schedule": ("{count} scheduled, none is late", "已排期 {count} 个来源，均未延误"),
    "schedule_paused": (
        "{count} scheduled, none is late (paused: {paused})",
        "已排期 {count} 个来源，均未延误（已暂停：{paused}）",
    ),
    "not_since": (
        "{source} has not been crawled since {at} ({schedule}): is `thinker schedule run` running?",
        "{source} 自 {at} 起没有采集（{schedule}）：`thinker schedule run` 是否在运行？",
    ),
    "never_crawled": (
        "{source} was never crawled ({schedule}): is `thinker schedule run` running?",
        "{source} 从未采集（{schedule}）：`thinker schedule run` 是否在运行？",
    ),
    "crawls": ("the last crawl of every source ended well", "各来源最近一次采集均正常结束"),
    "ended_as": ("{source}: the crawl of {at} ended as {reason}", "{source}：{at} 的采集以 {reason} 结束"),
    "errors": (
        "{source}: {errors} of {requests} requests failed in the crawl of {at}, more than {percent} %",
        "{source}：{at} 的采集 {requests} 次请求中有 {errors} 次出错，超过 {percent} %",
    ),
    "expectations": (
        "every source shows as many articles as expected",
        "各来源见到的文章数不少于预期",
    ),
    "short": (
        "{source}: {seen} of {expected} expected in the crawl of {at}",
        "{source}：{at} 的采集预期 {expected} 篇，只见到 {seen} 篇",
    ),
    "silent": (
        "{source}: no article in the crawl of {at}, after {seen} in that of {before}",
        "{source}：{at} 的采集没有见到文章，而 {before} 的采集见到 {seen} 篇",
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
    "presence": ("every missing article is judged", "缺失的文章均已作出判断"),
    "unjudged": (
        "{source}: {count} articles have not answered, the first since {since}, and nothing could vouch for their "
        "site: {key}: `thinker show` says why, /removed lists them",
        "{source}：{count} 篇文章没有应答（最早自 {since}），没有可以佐证其网站正常的页面：{key}："
        "详见 `thinker show` 与 /removed",
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
        "{source}: another layout on {other} pages, {waiting} wait",
        "{source}：{other} 页换了版式，{waiting} 页暂缓入档",
    ),
    "other_layout_lost": (
        "{source}: another layout on {other} pages, {waiting} wait, lost: {lost}",
        "{source}：{other} 页换了版式，{waiting} 页暂缓入档；缺失：{lost}",
    ),
    "quarantine": ("no capture waits for a newer version", "没有采集在等待更新的版本"),
    "quarantined": (
        "{source}: {count} captures wait for a newer version, which tries them again",
        "{source}：{count} 次采集在等待更新的版本重新处理",
    ),
    "frontier": ("nothing scheduled waits for long", "已排期的网址没有久等的"),
    "overdue": (
        "{source}: {count} urls are due for more than {days} days",
        "{source}：{count} 个网址到期超过 {days} 天",
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
    "search": ("all {articles} articles are in the index", "全部 {articles} 篇文章都在索引中"),
    "not_indexed": (
        "{indexed} index rows for {articles} articles: run `thinker reindex`",
        "{articles} 篇文章只有 {indexed} 条索引：请运行 `thinker reindex`",
    ),
    "disk": ("{free} MB free, the floor is {floor} MB", "剩余 {free} MB，下限 {floor} MB"),
    "disk_low": (
        "{free} MB free, the floor is {floor} MB: crawls stop; make room",
        "剩余 {free} MB，下限 {floor} MB：采集已停止，请腾出空间",
    ),
}
