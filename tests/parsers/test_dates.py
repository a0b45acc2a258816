"""Dates as pages print them: easiest first, then each surprise."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers.dates import ParsedDate, conflicts, find_dates, parse_date
from parsers.dates.numerals import with_digits

SECOND = timedelta(seconds=1)
NOW = datetime.fromisoformat("2024-04-14T09:00:00+08:00")

ABSOLUTE = [
    ("2024-04-13", "2024-04-13T00:00:00+08:00", "day"),
    ("2024-04-13 23:01", "2024-04-13T23:01:00+08:00", "minute"),
    ("2024-04-13 23:01:05", "2024-04-13T23:01:05+08:00", "second"),
    ("2024/4/3 08:05", "2024-04-03T08:05:00+08:00", "minute"),
    ("2019.9.6", "2019-09-06T00:00:00+08:00", "day"),
    ("20240413", "2024-04-13T00:00:00+08:00", "day"),
    ("2024-04-13T23:01:05.250-05:00", "2024-04-13T23:01:05-05:00", "second"),  # RFC 3339, in JSON-LD and meta
    ("2024-04-13T23:01+0800", "2024-04-13T23:01:00+08:00", "minute"),
    ("20240413T150100Z", "2024-04-13T15:01:00+00:00", "second"),
    ("2019-02-15-10:30:00", "2019-02-15T10:30:00+08:00", "second"),  # gov.cn firstpublishedtime
    ("2024年4月13日", "2024-04-13T00:00:00+08:00", "day"),
    ("2024年04月24日23:52", "2024-04-24T23:52:00+08:00", "minute"),  # people.com.cn
    ("2024年4月13日 下午3点半", "2024-04-13T15:30:00+08:00", "minute"),
    ("2024年4月13日晚8时", "2024-04-13T20:00:00+08:00", "hour"),
    ("2024年4月13日（星期六）上午9:05", "2024-04-13T09:05:00+08:00", "minute"),
    ("２０２４年４月１３日　２３：０１", "2024-04-13T23:01:00+08:00", "minute"),
    ("二〇二四年四月十三日", "2024-04-13T00:00:00+08:00", "day"),
    ("二零二四年十二月三十一日", "2024-12-31T00:00:00+08:00", "day"),
    ("2010 01 29五点", "2010-01-29T05:00:00+08:00", "hour"),
    ("发布时间：2024-04-13 23:01 来源：新华网", "2024-04-13T23:01:00+08:00", "minute"),
    ("来源：上观新闻 作者：夏斌 2023-06-27 06:31", "2023-06-27T06:31:00+08:00", "minute"),
    ("国发〔2019〕3号 2019年1月12日", "2019-01-12T00:00:00+08:00", "day"),
    ("12:30 PM · Apr 13, 2024", "2024-04-13T12:30:00+08:00", "minute"),
    ("Friday 17 November 2023", "2023-11-17T00:00:00+08:00", "day"),
    ("2024-04-13T23:01:00+08:00", "2024-04-13T23:01:00+08:00", "second"),
    ("2024-04-13T15:01:00.123Z", "2024-04-13T15:01:00+00:00", "second"),
    ("2024-04-13T09:30-05:00", "2024-04-13T09:30:00-05:00", "minute"),
    ("2024-04-13 09:30-11:30", "2024-04-13T09:30:00+08:00", "minute"),  # from half past nine to half past eleven
    ("Sat, 13 Apr 2024 15:01:00 GMT", "2024-04-13T15:01:00+00:00", "second"),  # RFC 822, RSS
    ("Sat, 13 Apr 2024 23:01:00 +0800", "2024-04-13T23:01:00+08:00", "second"),
    ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37+08:00", "second"),  # asctime
    ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37+00:00", "second"),  # RFC 850
    ("Apr 13, 2024", "2024-04-13T00:00:00+08:00", "day"),
    ("APRİL 13, 2024", "2024-04-13T00:00:00+08:00", "day"),  # put into capitals as Turkish has them
    ("13 April 2024", "2024-04-13T00:00:00+08:00", "day"),
    ("April 13th, 2024 at 8:05 p.m.", "2024-04-13T20:05:00+08:00", "minute"),
    ("8:25 a.m. Dec. 12, 2014", "2014-12-12T08:25:00+08:00", "minute"),
    ("13/04/2024", "2024-04-13T00:00:00+08:00", "day"),
    ("13.04.2024 10:00", "2024-04-13T10:00:00+08:00", "minute"),
    ("2024-04-13 12:05 AM", "2024-04-13T00:05:00+08:00", "minute"),
    ("Apr 13, 2024 23:01 PM", "2024-04-13T23:01:00+08:00", "minute"),
    ("二○二四年三月五日", "2024-03-05T00:00:00+08:00", "day"),  # keyboards without 〇 give ○, O or 0
    ("二O二四年三月五日", "2024-03-05T00:00:00+08:00", "day"),
    ("二0二四年三月五日", "2024-03-05T00:00:00+08:00", "day"),
    ("24年3月5日", "2024-03-05T00:00:00+08:00", "day"),
    ("2024-04-13 PM 11:01", "2024-04-13T23:01:00+08:00", "minute"),
    ("2024-04-1323:01", "2024-04-13T23:01:00+08:00", "minute"),  # two elements side by side
    ("2024年4月13日24时", "2024-04-13T00:00:00+08:00", "day"),  # the day that ends
    ("2016 July 13", "2016-07-13T00:00:00+08:00", "day"),
    ("Fri | September 1 | 2017", "2017-09-01T00:00:00+08:00", "day"),
    ("2024年4月12日至19日", "2024-04-12T00:00:00+08:00", "day"),
    ("2024年4月12-19日", "2024-04-12T00:00:00+08:00", "day"),
    ("2024年4-13", "2024-04-13T00:00:00+08:00", "day"),  # typed by hand: two kinds of separator in one date
    ("2024年4/13 23:01", "2024-04-13T23:01:00+08:00", "minute"),
    ("2024年4.13日", "2024-04-13T00:00:00+08:00", "day"),
    ("2024-4月13日", "2024-04-13T00:00:00+08:00", "day"),
    ("2024/4月13号 09:05", "2024-04-13T09:05:00+08:00", "minute"),
    ("2024.4/13", "2024-04-13T00:00:00+08:00", "day"),
    ("2024-04/13", "2024-04-13T00:00:00+08:00", "day"),
    ("2024/04-13 10:30", "2024-04-13T10:30:00+08:00", "minute"),
    ("2024年04-03", "2024-04-03T00:00:00+08:00", "day"),
    ("发布时间：2024·04-13", "2024-04-13T00:00:00+08:00", "day"),
    ("2024年4-5日", "2024-04-05T00:00:00+08:00", "day"),
    ("２０２４年４－１３", "2024-04-13T00:00:00+08:00", "day"),
    ("二〇二四年四月十三", "2024-04-13T00:00:00+08:00", "day"),
    ("13.04/2024", "2024-04-13T00:00:00+08:00", "day"),
    ("13/04-2024", "2024-04-13T00:00:00+08:00", "day"),
]

NO_DAY = [
    "",
    "Release time:",
    "2024-02-30",
    "Feb 30, 2024 10:00 AM",
    "2024年13月1日",
    "03/04/2024",  # the third of April, or the fourth of March
    "1.2.3",
    "2024年4-5",  # two months, or the fifth day of one
    "2024.4-12",
    "2024年4-5月",
    "2024年1-13期",
    "2024年4-31",
    "2019.05-2020.01",
    "1-2/2020",  # an issue of a year
    "03.04/2024",
    "192.168.10.12",
    "2024年4月",  # no day
    "2024-04-13 24:01",
    "八月十五",  # the Mid-Autumn Festival, of another calendar
    "农历八月十五日",
    "四月廿三日",
    "农历四月十三",
    "阴历 四月十三",
    "闰四月十三",
    "三月三",  # feasts of the other calendar are told so
    "八月十五晚上8点",
    "九月九",
    "三月三十余人",
    "四月十三人",
    "七月一场大雨",
    "三月一次",
    "四月三十五",
    "电话 021-22898888",
    "000014349/2019-00007",
    "国办发〔2018〕128号",
    "地铁2号线",
    "第23号",
    "12/09/08 04:23",
    "16 July 13",  # of 2013, or of 1916
    "Article 1 may be cited",
    "每周六上午9点",
    "每年3月15日",
    "每月5日",
    "07年以前",
    "1000多年前",
    "2024年4月12家企业",
    "4月30万人次",
    "来源：今日头条",
    "说明日期",
    "此前日本首相",
    "如今天气转凉",
    "今后日均",
    "今儿童剧院开演",
    "昨儿童节",
    "日本日产汽车",
    "Release time:Apr 14, 2024 12:05 AM",  # this mirror prints a 24-hour clock: two readings
]

WITHOUT_YEAR = [
    ("04-13 23:01", "2024-04-13T23:01:00+08:00"),
    ("04-13", "2024-04-13T00:00:00+08:00"),
    ("4月13日 23:01", "2024-04-13T23:01:00+08:00"),
    ("12月31日", "2023-12-31T00:00:00+08:00"),  # never in the future
    ("2月29日", "2024-02-29T00:00:00+08:00"),
    ("Apr 13", "2024-04-13T00:00:00+08:00"),
    ("April 13, 10:05", "2024-04-13T10:05:00+08:00"),
    ("13 April", "2024-04-13T00:00:00+08:00"),
    ("13 May 10:05", "2023-05-13T10:05:00+08:00"),
    ("去年3月3号", "2023-03-03T00:00:00+08:00"),
    ("上月30日", "2024-03-30T00:00:00+08:00"),
    ("去年的5月1日", "2023-05-01T00:00:00+08:00"),
    ("上上个月20号", "2024-02-20T00:00:00+08:00"),
    ("本月3号", "2024-04-03T00:00:00+08:00"),
    ("一月二十三", "2024-01-23T00:00:00+08:00"),  # the lunar calendar has no 一月
    ("我一月二十三去", "2024-01-23T00:00:00+08:00"),
    ("十月31", "2023-10-31T00:00:00+08:00"),
    ("四月十三", "2024-04-13T00:00:00+08:00"),
    ("4月十三", "2024-04-13T00:00:00+08:00"),
    ("４月十三", "2024-04-13T00:00:00+08:00"),
    ("四月13", "2024-04-13T00:00:00+08:00"),
    ("四月十三下午3点", "2024-04-13T15:00:00+08:00"),
    ("4月十三 23:01", "2024-04-13T23:01:00+08:00"),
    ("发布时间：四月十三（星期六）", "2024-04-13T00:00:00+08:00"),
    ("十月一", "2023-10-01T00:00:00+08:00"),
    ("三月二十八", "2024-03-28T00:00:00+08:00"),
    ("23:01", "2024-04-13T23:01:00+08:00"),
    ("晚上8点许", "2024-04-13T20:00:00+08:00"),
]

TOLD_FROM_TODAY = [  # a Sunday
    ("今天 08:30", "2024-04-14T08:30"),
    ("今日08:30", "2024-04-14T08:30"),
    ("今儿个08:30", "2024-04-14T08:30"),
    ("今早 7点", "2024-04-14T07:00"),
    ("今上午8点半", "2024-04-14T08:30"),
    ("本日08:30", "2024-04-14T08:30"),
    ("發佈時間：今天 08:30", "2024-04-14T08:30"),
    ("昨天", "2024-04-13"),
    ("昨日 23:01", "2024-04-13T23:01"),
    ("昨儿晚上8点", "2024-04-13T20:00"),
    ("昨兒個", "2024-04-13"),
    ("昨下午3点", "2024-04-13T15:00"),
    ("昨夜11点", "2024-04-13T23:00"),
    ("前日", "2024-04-12"),
    ("前儿", "2024-04-12"),
    ("前晚8点", "2024-04-12T20:00"),
    ("大前日", "2024-04-11"),
    ("明天", "2024-04-15"),
    ("明儿上午9点", "2024-04-15T09:00"),
    ("明晚8点", "2024-04-15T20:00"),
    ("后天", "2024-04-16"),
    ("後日", "2024-04-16"),
    ("后儿", "2024-04-16"),
    ("Today, 08:30", "2024-04-14T08:30"),
    ("Yesterday at 9:05 PM", "2024-04-13T21:05"),
    ("last night", "2024-04-13"),
    ("the day before yesterday", "2024-04-12"),
    ("Day before yesterday, 9:05 AM", "2024-04-12T09:05"),
    ("day after tomorrow", "2024-04-16"),
    ("This morning, 8:30", "2024-04-14T08:30"),
    ("一昨日", "2024-04-12"),
    ("tomorrow", "2024-04-15"),
    ("the day after tomorrow", "2024-04-16"),
    ("前天", "2024-04-12"),
    ("大前天", "2024-04-11"),
    ("大大前天", "2024-04-10"),
    ("大后天", "2024-04-17"),
    ("上周五", "2024-04-05"),
    ("上週五", "2024-04-05"),
    ("上上周五", "2024-03-29"),
    ("上個星期天", "2024-04-07"),
    ("星期三中午", "2024-04-10"),
    ("下周一", "2024-04-15"),
    ("今晚八点", "2024-04-14T20:00"),
    ("昨晚10点半", "2024-04-13T22:30"),
    ("昨晚12点", "2024-04-13"),
    ("今晨5点", "2024-04-14T05:00"),
    ("今天下午三点", "2024-04-14T15:00"),
    ("三天前", "2024-04-11"),
    ("2天前 13:45", "2024-04-12T13:45"),
    ("3天前的晚上8点", "2024-04-11T20:00"),
    ("半年前", "2023-10-14"),
    ("今儿下午3点", "2024-04-14T15:00"),
    ("1个半小时前", "2024-04-14T07:30"),
    ("2个月前", "2024-02-14"),
    ("3年前", "2021-04-14"),
    ("1 day, 2 hours ago", "2024-04-13T07:00"),
]

RELATIVE = [
    ("刚刚", "08:59:00", "08:59:00", "09:00:00", "minute"),
    ("10分钟前", "08:49:00", "08:49:00", "08:50:00", "minute"),
    ("半小时前", "08:00:00", "08:00:00", "08:30:00", "minute"),
    ("3小时前", "06:00:00", "05:00:00", "06:00:00", "hour"),
    ("3 hours ago", "06:00:00", "05:00:00", "06:00:00", "hour"),
    ("an hour ago", "08:00:00", "07:00:00", "08:00:00", "hour"),
    ("今天 08:30", "08:30:00", "08:30:00", "08:30:59", "minute"),
    ("今天", "09:00:00", "00:00:00", "09:00:00", "day"),
]


@every_row(("raw", "value", "precision"), ABSOLUTE)
def test_each_printed_form_of_a_date_is_read_with_its_precision(raw: str, value: str, precision: str) -> None:
    found = parse_date(raw)
    assert found is not None
    assert (found.value.isoformat(), found.precision, found.raw) == (value, precision, raw)


@every_row("raw", NO_DAY)
def test_a_text_without_a_certain_day_gives_no_date(raw: str) -> None:
    assert parse_date(raw, now=NOW) is None


@every_row(("raw", "value"), WITHOUT_YEAR)
def test_a_missing_year_lies_in_the_past(raw: str, value: str) -> None:
    found = parse_date(raw, now=NOW)
    assert found is not None
    assert found.value.isoformat() == value
    assert parse_date(raw) is None


@every_row(("raw", "value", "earliest", "latest", "precision"), RELATIVE)
def test_relative_times_give_a_range_of_moments_and_need_a_capture_time(
    raw: str, value: str, earliest: str, latest: str, precision: str
) -> None:
    day = "2024-04-14T{}+08:00"
    found = parse_date(raw, now=NOW)
    assert found is not None
    told = [moment.isoformat() for moment in (found.value, found.earliest, found.latest)]
    assert told == [day.format(value), day.format(earliest), day.format(latest)]
    assert (found.precision, found.kind) == (precision, "relative")
    assert parse_date(raw) is None


@every_row(("raw", "value"), TOLD_FROM_TODAY)
def test_relative_days_and_hours_count_from_the_capture(raw: str, value: str) -> None:
    found = parse_date(raw, now=NOW)
    assert found is not None
    assert found.value.isoformat().startswith(value)
    assert found.earliest <= found.value <= found.latest


def test_yesterday_counts_from_the_capture_on_the_clock_of_the_page() -> None:
    found = parse_date("昨天 23:01", now=datetime(2024, 4, 13, 17, 0, tzinfo=UTC))
    assert found == ParsedDate(
        value=datetime.fromisoformat("2024-04-13T23:01:00+08:00"),
        precision="minute",
        earliest=datetime.fromisoformat("2024-04-13T23:01:00+08:00"),
        latest=datetime.fromisoformat("2024-04-13T23:01:59+08:00"),
        zone_assumed=True,
        kind="relative",
        raw="昨天 23:01",
    )


def test_the_release_time_of_the_mirror_is_a_kind_of_its_own() -> None:
    found = parse_date("Release time:Apr 13, 2024 23:01 PM")
    assert found is not None
    assert (found.value.isoformat(), found.kind, found.zone_assumed) == (
        "2024-04-13T23:01:00+08:00",
        "mirror_release_time",
        True,
    )


@pytest.mark.parametrize("raw", [1790538962000, "1790538962000"], ids=["number", "text"])
def test_json_sends_milliseconds(raw: int | str) -> None:
    found = parse_date(raw)
    assert found is not None
    assert (found.value.isoformat(), found.kind, found.zone_assumed) == ("2026-09-28T03:56:02+08:00", "epoch", False)


@every_row("raw", [0, -1, 1561106354, 10**13, 10**40])
def test_numbers_that_are_no_plausible_milliseconds_give_no_date(raw: int) -> None:
    assert parse_date(raw) is None


@pytest.mark.parametrize(
    ("raw", "zone", "value"),
    [
        ("2024-04-13 23:01", "Europe/London", "2024-04-13T23:01:00+01:00"),
        ("2024-04-13 23:01 CST", "Asia/Shanghai", "2024-04-13T23:01:00+08:00"),
        ("Sat, 13 Apr 2024 23:01:00 CST", "America/Chicago", "2024-04-13T23:01:00-06:00"),
        ("2024-04-13 23:01 北京时间", "UTC", "2024-04-13T23:01:00+08:00"),
    ],
)
def test_the_zone_of_the_page_holds_for_a_time_without_one_and_decides_cst(raw: str, zone: str, value: str) -> None:
    found = parse_date(raw, timezone=zone)
    assert found is not None
    assert found.value.isoformat() == value


def test_find_dates_finds_both_dates_of_a_short_text() -> None:
    found = find_dates("成文日期：2019年01月27日　发布日期：2019年02月15日")
    assert [(date.value.date().isoformat(), date.raw) for date in found] == [
        ("2019-01-27", "2019年01月27日"),
        ("2019-02-15", "2019年02月15日"),
    ]


def test_a_candidate_is_kept_as_it_is_printed() -> None:
    found = find_dates("　成文日期：二〇一九年一月二十七日　发布日期：２０１９－０２－１５　１０：３０")
    assert [date.raw for date in found] == ["二〇一九年一月二十七日", "２０１９－０２－１５　１０：３０"]


@every_row(
    ("text", "others"),
    [
        ("2024-04-13 2024年4月13日 23:01", []),  # the second is finer, not another
        ("2024年4月13日 23:01 更新于2024年4月14日", ["2024年4月14日"]),
        ("3小时前 2024-04-14 05:30", []),
        ("3小时前 2024-04-14 07:30", ["2024-04-14 07:30"]),
        ("", []),
    ],
)
def test_dates_that_contradict_the_first_are_found(text: str, others: list[str]) -> None:
    assert [date.raw for date in conflicts(find_dates(text, now=NOW))] == others


@pytest.mark.parametrize(
    ("raw", "days"),
    [
        ("2024年4月12日至19日", ["2024-04-12", "2024-04-19"]),
        ("2023年12月28日-1月3日", ["2023-12-28", "2024-01-03"]),
        ("2016年6月1日-6月30日", ["2016-06-01", "2016-06-30"]),
    ],
)
def test_the_end_of_a_range_is_of_the_year_and_month_of_its_beginning(raw: str, days: list[str]) -> None:
    assert [f"{found.value:%F}" for found in find_dates(raw, now=NOW)] == days


@pytest.mark.shared
def test_the_seed_cases_of_dates_are_read_as_expected(shared: Path) -> None:
    cases = json.loads((shared / "data/seed_cases.json").read_text("utf-8"))["cases"]
    dates = [case for case in cases if case["kind"] in ("date", "date_epoch", "date_relative")]
    assert len(dates) > 35
    assert [case["id"] for case in dates if not _as_expected(case)] == []


def _as_expected(case: dict) -> bool:
    now = case.get("context", {}).get("now")
    found = parse_date(case["raw"], now=datetime.fromisoformat(now) if now else None)
    expected = case["expected"]
    told = {
        "published_at": found and found.value.isoformat(),
        "earliest": found and found.earliest.isoformat(),
        "latest": found and found.latest.isoformat(),
        "precision": found and found.precision,
        "date_kind": found and found.kind,
        "tz_assumed": found and found.zone_assumed,
    }
    return all(told[name] == value for name, value in expected.items() if name in told)


@pytest.mark.shared
def test_full_dates_of_jionlp_give_the_right_day_or_no_date(shared: Path) -> None:
    """JioNLP's full dates: the day is right wherever the row names year, month and day of our calendar."""
    rows = map(json.loads, (shared / "data/corpora/dates-chinese-jionlp/cases.jsonl").read_text("utf-8").splitlines())
    points = [row for row in rows if row["expected"]["type"] == "time_point"]
    wrong = [
        row["input"]["text"]
        for row in points
        if (found := parse_date(row["input"]["text"])) and f"{found.value:%F}" != row["expected"]["time"][0][:10]
    ]
    assert wrong == []


MOMENTS = st.integers(-2_208_988_800, 4_102_444_799).map(
    lambda second: datetime(1970, 1, 1, tzinfo=UTC) + second * SECOND
)
FORMS = ["%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%a, %d %b %Y %H:%M:%S", "%Y%m%dT%H%M%S"]


@given(MOMENTS, st.sampled_from(FORMS))
def test_printed_dates_are_read_back(moment: datetime, form: str) -> None:
    found = parse_date(moment.strftime(form))
    assert found is not None
    assert found.value.replace(tzinfo=UTC) == moment


DATE_WORDS = """
    2024 年 4 月 13 日 号 二〇二四 十 三十一 二十三 廿 一月 零七 今天 昨晚 大 前天 后天 上周 五 每 去年的 本月
    今儿个 昨 前儿 四月 十三 八月 十五 4-13 4/ last night
    3 小时 半 个 分钟 天 周 前 后 ago day an hour 23:01 24 点 时 下午 凌晨 许 - / . 至 : T Z +08:00 PM April
    Apr 农历 Release time: ２０２４ 來源： × O
"""
DATE_PARTS = st.sampled_from([*DATE_WORDS.split(), "Release time:", " ", "　"])
DATE_TEXT = st.lists(DATE_PARTS | st.text(max_size=2), max_size=14).map("".join)


@given(DATE_TEXT, st.none() | st.datetimes(timezones=st.just(UTC)))
def test_any_text_gives_valid_dates_or_no_date(raw: str, now: datetime | None) -> None:
    for found in (parse_date(raw, now=now), *find_dates(raw, now=now)):
        if found:
            assert found.earliest <= found.value <= found.latest
            assert found.value.tzinfo is not None
            assert found.raw in raw


@given(DATE_TEXT, st.none() | st.datetimes(timezones=st.just(UTC)))
def test_a_normalised_date_stays_as_it_is(raw: str, now: datetime | None) -> None:
    for found in find_dates(raw, now=now):
        again = parse_date(found.value.isoformat(timespec="seconds"), now=now)
        if 1900 < found.value.year < 2100:
            assert again is not None
            assert again.value == found.value


@given(DATE_TEXT)
def test_numerals_are_written_as_digits_once(raw: str) -> None:
    assert with_digits(with_digits(raw)) == with_digits(raw)


@given(st.integers())
def test_any_number_gives_its_moment_or_no_date(raw: int) -> None:
    found = parse_date(raw)
    assert found is None or found.value - datetime(1970, 1, 1, tzinfo=UTC) == timedelta(seconds=raw // 1000)


@given(
    st.datetimes(datetime.fromisoformat("1800-01-01"), datetime.fromisoformat("2099-12-31")),
    st.sampled_from(["", ":05"]),
    st.sampled_from(["Z", "+08:00", "-0530"]),
)
def test_a_whole_moment_is_the_same_inside_a_line(moment: datetime, second: str, zone: str) -> None:
    text = f"{moment:%Y-%m-%dT%H:%M}{second}{zone}"
    alone, inside = parse_date(text, NOW), parse_date(f"{text} 发布", NOW)
    assert alone
    assert inside
    assert (alone.value, alone.precision, alone.latest, alone.zone_assumed) == (
        inside.value,
        inside.precision,
        inside.latest,
        inside.zone_assumed,
    )
