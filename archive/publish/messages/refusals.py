"""Error messages for requests that cannot be answered, in Chinese and English."""

from datasette.utils.asgi import BadRequest, Base400, NotFound

from archive.publish.messages.message import Messages

REFUSALS: Messages = {
    "unknown_near": ("没有参数 {name}：是否想用 {near}？", "no parameter {name}: did you mean {near}?"),
    "unknown_name": ("没有参数 {name}：此页可用 {names}", "no parameter {name}: this page takes {names}"),
    "given_twice": ("{name}：只能给一次", "{name}: give it once"),
    "one_of_names": ("{name}：两者同义，只能给一个", "{name}: they mean the same, give one of them"),
    "no_library": (
        "{form}：本站没有安装所需的程序库，请用 csv 或 jsonl",
        "{form}: this site has not installed what it needs: take csv or jsonl",
    ),
    "no_number": ("{name}={text}：不是数字", "{name}={text}: not a number"),
    "no_positive_number": ("{name}={text}：须为大于 0 的整数", "{name}={text}: not a whole number of 1 or more"),
    "no_list_place": (
        "before={text}：不是本列表中的位置，请用上一页给出的 older",
        "before={text}: not a place in this list: use `older` of the page before",
    ),
    "no_hit_place": (
        "before={text}：不是这一排序中的位置，请用上一页给出的 next",
        "before={text}: not a place in this order: use `next` of the page before",
    ),
    "no_date": ("{name}={text}：不是 2024-04-13 这样的日期", "{name}={text}: not a day like 2024-04-13"),
    "no_moment": (
        "{text}：不是 2024-04-13 这样的日期，也不是 2024-04-13T15:01:00Z 这样的时间",
        "{text}: not a day like 2024-04-13 or a moment like 2024-04-13T15:01:00Z",
    ),
    "no_year_given": ("year={text}：不是 2024 这样的年份", "year={text}: not a year like 2024"),
    "no_period": (
        "in={text}：不是 2024、2024-04 或 2024-04-13 这样的时段",
        "in={text}: not a period like 2024, 2024-04 or 2024-04-13",
    ),
    "no_switch": ("{name}={text}：只能是 1 或留空", "{name}={text}: use 1, or leave it out"),
    "none_of": ("{name}={text}：须为以下之一：{choices}", "{name}={text}: not one of {choices}"),
    "many_of_name": ("{name}：{n} 个值，最多 {most} 个", "{name}: {n} values, at most {most} are allowed"),
    "query_long": ("q：{n} 个字符，最多 {most} 个", "q: {n} characters, at most {most} are allowed"),
    "many_choices": ("选了 {n} 个筛选值，最多 {most} 个", "{n} filter values, at most {most} are allowed"),
    "long_values": (
        "筛选值在网址中占 {n} 字节，最多 {most} 字节",
        "the filter values take {n} bytes of the address, at most {most} are allowed",
    ),
    "many_phrases": ("q：{n} 个提法，一页最多 {most} 个", "q: {n} phrases, at most {most} fit on a page"),
    "no_such_phrase": ("of={of}：只有 {n} 个提法", "of={of}: there are {n} phrases"),
    "no_phrase": ("{name}：提法须含汉字、字母或数字，且不能过长", "{name}: {reason}"),
    "many_facets": ("统计的列超过 {n} 个", "more than {n} facets"),
    "no_http_date": (
        "Accept-Datetime 不是这样的日期：Sat, 13 Apr 2024 15:01:00 GMT",
        "Accept-Datetime is not a date like: Sat, 13 Apr 2024 15:01:00 GMT",
    ),
    "no_deep": (
        "deep={text}：1 检查调度程序和全部检查项，0 不检查",
        "deep={text}: use 1 to check the scheduler and every rule, 0 for neither",
    ),
    "no_such_month": ("{name} 没有文章", "no articles of {name}"),
    "no_such_file": ("没有这个文件：{name}", "no such file: {name}"),
    "no_such_range": ("没有这一段：{number}", "no such range: {number}"),
    "no_feed": ("这一页不是列表，没有订阅源", "this page is not a list and has no feed"),
    "not_open": ("不开放：{path}", "not open: {path}"),
}


def invalid_request(message: str, /, **values: object) -> BadRequest:
    """Return a BadRequest (400), which the caller raises: the sentence named `message` in English, and as `chinese`.

    `values` fill its placeholders. Raises KeyError if REFUSALS has no such sentence.
    """
    return _bilingual(BadRequest, message, values)


def nothing_there(message: str, /, **values: object) -> NotFound:
    """Return a NotFound (404), which the caller raises: the sentence named `message` in English, and as `chinese`.

    `values` fill its placeholders. Raises KeyError if REFUSALS has no such sentence.
    """
    return _bilingual(NotFound, message, values)


def _bilingual(kind: type[Base400], message: str, values: dict[str, object]) -> Base400:
    zh, en = REFUSALS[message]
    error = kind(en.format(**values))
    error.chinese = zh.format(**values)
    return error
