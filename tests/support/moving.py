"""Twenty values on a page that change by themselves, as three visits show them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIRST_VISIT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
VISITS = tuple(FIRST_VISIT + timedelta(hours=27) * number for number in range(3))


@dataclass(frozen=True)
class Counter:
    """A value on a page that changes by itself: its label ("" for none) and its markup at each of three visits."""

    name: str
    label: str
    shown: tuple[str, str, str]
    between: str = "："

    def inline(self, visit: int) -> str:
        """Label and value as they stand in a line."""
        return f"{self.label}{self.between if self.label else ''}{self.shown[visit]}"

    def pair(self, visit: int) -> tuple[str, str]:
        """Label and value for two cells; without a label the value stands in the second."""
        return self.label, self.shown[visit]

    def cells(self, visit: int, name: str = "td", value: str = "td") -> str:
        """Two cells of a table."""
        colon = "：" if self.label and name == "td" else ""
        return f"<{name}>{self.label}{colon}</{name}><{value}>{self.shown[visit]}</{value}>"

    def item(self, visit: int) -> str:
        """A field of a list whose labels are bold."""
        return f"<b>{self.label}：</b>{self.shown[visit]}" if self.label else self.shown[visit]


COUNTERS = (
    Counter("hits", "浏览次数", tuple(f'<span id="hits">{n}</span>' for n in (12, 15, "1,204"))),
    Counter("plain", "浏览量", ("98次", "101次", "1.2万次")),
    Counter("blank", "阅读", ("1203", "1304", "1.4万"), " "),
    Counter("bracketed", "点击数", ("[12]", "[31]", "[305]")),
    Counter("late", "点击率", tuple(f'<font id="clicks">{n}</font>' for n in ("", "33", "34"))),
    Counter("people", "访问量", ("共<em>12</em>人次", "共<em>1200</em>人次", "共<em>1201</em>人次")),
    Counter("comments", "评论", ("(3)", "(4)", "(17)"), ""),
    Counter("comments behind", "", ("0条评论", "2条评论", "11条评论")),
    Counter("likes", "点赞", ("<b>12</b>", "<b>13</b>", "<b>40</b>"), " "),
    Counter("favourites", "收藏", ("5", "6", "12")),
    Counter("prints", "打印", ("（2）", "（3）", "（9）"), ""),
    Counter("size", "字号", ("【大】 中 小", "大 【中】 小", "大 中 【小】")),
    Counter("shares", "分享", ("<i>3</i>次", "<i>4</i>次", "<i>15</i>次")),
    Counter("views", "", ("12 views", "15 views", "1.2k views")),
    Counter("english hits", "Hits", ("1,203", "1,204", "1,377"), ": "),
    Counter("hours", "", ("3小时前", "1天前", "2天前")),
    Counter("ago", "", ("2 hours ago", "yesterday", "2 days ago")),
    Counter("today", "", ("今天是2026年11月29日 星期日", "今天是2026年11月30日 星期一", "今天是2026年12月1日 星期二")),
    Counter("weather", "", ("多云 12℃", "晴 9℃~17℃", "小雨转阴 8～11℃")),
    Counter("traditional", "瀏覽人次", ("12", "15", "1,204")),
)
