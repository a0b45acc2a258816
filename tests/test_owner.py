"""The source of a saved page or a single address, if several sources publish on one host."""

from pathlib import Path

from support.tables import every_row

from archive.settings.settings import Settings, load_settings
from cli.program.crawled import claims_of


@every_row(
    ("url", "name"),
    [
        ("https://www.shobserver.com/news/detail?id=158818", "shangguan"),
        ("https://www.jfdaily.com/news/getNewsDetail?id=158818", "shangguan"),
        ("https://www.shobserver.com/journal/getJournalPageArticle.do?id=412345", "jiefang"),
        ("https://www.jfdaily.com/staticsg/data/journal/2024-05-14/10/article/312345.json", "jiefang"),
        ("https://www.shobserver.com/wx/detail.do?id=158818", "shangguan"),  # in the scope of neither
        ("https://www.gov.cn/zhengce/content/202411/content_1.htm", "govcn"),
        ("https://elsewhere.example/1.html", None),
    ],
)
def test_an_address_belongs_to_the_source_whose_article_it_is(url: str, name: str | None) -> None:
    """The printed paper and 上观 share two hosts: by its host alone, each saved page of 上观 was one of 解放日报."""
    owner = claims_of(Settings()).hosting(url)
    assert (owner.name if owner else None) == name


def test_of_two_declarations_on_one_host_the_scope_decides(tmp_path: Path) -> None:
    (tmp_path / "thinker.toml").write_text(
        "".join(
            f'[sources.{name}]\nfeeds = ["https://news.example/{name}.xml"]\nscope = "https://news.example/{name}/.+"\n'
            for name in ("culture", "politics")
        )
    )
    owner = claims_of(load_settings(tmp_path)).covering("https://news.example/politics/1")
    assert owner is not None
    assert owner.name == "politics"
