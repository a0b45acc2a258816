"""The language of the interface follows what a browser says in Accept-Language, with its weights."""

from support.tables import every_row

from archive.publish.messages.language import wanted


@every_row(
    ("header", "ui"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW", "zh"),
        ("zh-Hant-HK", "zh"),
        ("en-US,en;q=0.5", "en"),
        ("EN", "en"),
        ("de", "en"),
        ("de-AT,de;q=0.8", "en"),
        ("fr,*;q=0.5", "en"),
        ("fr,zh-CN;q=0.1", "zh"),
        ("de,en;q=0.3,zh;q=0.4", "zh"),
        ("zh;q=0.4,en;q=0.5", "en"),
        ("zh;q=0.5,en;q=0.5", "zh"),
        ("en;q=0.5,zh;q=0.5", "en"),
        ("en;q=0.2,zh-CN;q=0.1,zh;q=0.3", "zh"),
        ("zh;q=0.2,*;q=0.5", "en"),
        ("en;q=0.5,*;q=0.5", "en"),
        ("zh;q=0", "en"),
        ("zh;q=0,*", "en"),
        ("en;q=0", "zh"),
        ("de,en;q=0", "zh"),
        ("de;q=0", "zh"),
        (" en ; q=0.5 , zh ; q=1.000 ", "zh"),
        ("en;q=x,,\xff", "zh"),
        ("en;q=2,zh;q=0.1", "zh"),
        ("zhuang", "en"),
        ("en;q=0.9" + ",de" * 5_000, "en"),
    ],
)
def test_the_language_that_a_browser_wants_most_is_chosen(header: str, ui: str) -> None:
    assert wanted(header) == ui
