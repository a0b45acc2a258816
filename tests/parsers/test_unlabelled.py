"""Names, publishers and times that Chinese pages print without a label are read by their place."""

import pytest
from support.handmade import NOW
from support.tables import every_row

from parsers.reader.byline.unlabelled import names_at_the_edges, publisher_beside_date
from parsers.reader.published.dateline import datelines, surroundings
from parsers.reader.published.moments import time_under_headline

TITLE, BODY = "江与海怎样连成一片", "江水涨了，城市连成一片。"


def where(*head: str):
    return surroundings("\n".join(["登录", TITLE, *head, BODY]), TITLE, BODY, BODY)


@every_row(
    ("head", "publisher"),
    [
        (["2019年09月07日 04:04", "江海日报", "收藏"], "江海日报"),
        (["江海日报", "2019-09-07 04:04", "字号"], "江海日报"),
        (["2019-05-17", "·", "江海城市报道", "分享到"], "江海城市报道"),
        (["江海必读", "发布时间：10-08", "12:00", "优质原创作者"], "江海必读"),
        (["江海新闻网", "下载客户端", "独家抢先看", "2019年02月20日 02:26:00", "来自上海"], "江海新闻网"),
        (["2019", "09", "/", "07", "19", ":", "02", "扬子眼", "企鹅号"], "扬子眼"),
        (["2019-09-07 04:04", "友善列印", "江海日報"], "江海日報"),
        (["2017-04-06 17:46", "学院宣传部"], None),
        (["2017-04-06 17:46", "王小青"], None),
        (["2017-04-06 17:46", "江水为什么涨？", "阅读 312"], None),
        (["江海日报", "字号"], None),
    ],
)
def test_the_publisher_is_read_beside_the_date(head, publisher):
    assert publisher_beside_date(where(*head)) == publisher


@every_row(
    ("first", "last", "lines"),
    [
        ("本报讯（记者张立文）江水涨了。", "江水又退了。", ["记者张立文"]),
        (
            "（江海社記者張立文台北21日電）江水漲了。",
            "江水又退了。（編輯：王小青）1120221",
            ["记者：張立文", "編輯：王小青"],
        ),
        ("〔記者張立文／台北報導〕江水漲了。", "江水又退了。", ["記者張立文／台北報導"]),
        ("〔編譯張立文／綜合報導〕江水漲了。", "江水又退了。", ["編譯張立文／綜合報導"]),
        ("江海网江海4月13日电 (张立文 李一)江水涨了。", "江水又退了。", ["作者：张立文 李一"]),
        ("江海网江海4月13日电 (有雨)江水涨了。", "江水又退了。", []),
        ("江海晚报记者张立文报道：江水涨了。", "江水又退了。", ["江海晚报记者张立文"]),
        ("执笔/江边客、海上客", "江水又退了。", ["执笔/江边客、海上客"]),
        ("江水涨了。", "江水又退了。（文/图 张立文 王小青）", ["文/图 张立文 王小青"]),
        ("江水涨了。", "江水又退了。（张立文）", ["作者：张立文"]),
        ("讲述人：张立文", "江水又退了。", ["讲述人：张立文"]),
        ("江水涨了。", "主讲人 张立文", ["主讲人 张立文"]),
        ("江水涨了。", "江海日报记者 张立文", []),
        ("江水涨了。", "江水又退了。", []),
    ],
)
def test_names_at_the_start_or_the_end_of_a_body_are_found(first, last, lines):
    assert names_at_the_edges([first, BODY, last]) == lines


@pytest.mark.parametrize("end", ["（全文完）", "（待续）", "（原文略）"])
def test_the_end_of_a_text_is_no_name(end):
    assert not any("作者" in line for line in names_at_the_edges([BODY, f"江水又退了。{end}"]))


@every_row(
    ("shown", "meta", "time"),
    [
        ("2019年09月07日 04:04", "2019-09-07T06:52:51+08:00", "2019年09月07日 04:04"),
        ("2019年09月07日 06:52", "2019-09-07T06:52:51+08:00", None),
        ("2019年09月08日 04:04", "2019-09-07T06:52:51+08:00", None),
        ("2019年09月07日", "2019-09-07T06:52:51+08:00", None),
        ("2019年09月07日 04:04", "2019-09-07", None),
        ("更新于 2019年09月07日 04:04", "2019-09-07T06:52:51+08:00", None),
    ],
)
def test_readers_are_shown_when_the_piece_appeared(shown, meta, time):
    assert time_under_headline(datelines(where(shown)), (meta,), NOW, "Asia/Shanghai") == time


@pytest.mark.parametrize(
    ("head", "raw"),
    [
        (["2023", "11/17", "20:52:15"], "2023/11/17 20:52:15"),
        (["2019", "09", "/", "07", "19", ":", "02"], "2019/09/07 19:02"),
        (["2019", "09"], None),
    ],
)
def test_a_date_in_several_elements_is_one_date(head, raw):
    assert [line.raw for line in datelines(where(*head))] == ([raw] if raw else [])
