"""A page without headings writes its headline in a line, or over a few lines, that its <title> repeats."""

from support.handmade import page
from support.tables import every_row

from parsers.reader.headline.written import written_headline


@every_row(
    ("title", "lines", "headline"),
    [
        ("江海的河道管理办法-纪检", ["江海的河道管理办法", "来源：江海"], "江海的河道管理办法"),
        ("江海发布最强芯片：一块顶十块-JHD 江海设计", ["江海发布最强芯片：一块顶十块"], "江海发布最强芯片：一块顶十块"),
        (
            "办公厅关于调整2007　年河道的通知",
            ["办公厅", "江海办公厅", "办公厅关于调整", "2007年河道的通知"],
            "办公厅关于调整2007年河道的通知",
        ),
        ("Rivers and roads of the delta", ["Rivers and roads", "of the delta"], "Rivers and roads of the delta"),
        ("江海-很长很长的一段站名和它的栏目名称", ["江海"], None),
        ("江海的河道管理办法-纪检", ["别的一行"], None),
        ("", ["江海的河道管理办法"], None),
    ],
)
def test_the_lines_that_the_title_repeats_are_the_headline(title, lines, headline):
    html = f"<title>{title}</title>" + "".join(f"<div>{line}</div>" for line in lines)
    assert written_headline(page(html, kind="text/html; charset=utf-8")) == headline
