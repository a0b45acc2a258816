"""Every kind of page of the site, over the small archive; a new page is one new line here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageKind:
    """One kind of page; `lang` is the language of its root element."""

    name: str
    path: str
    status: int = 200
    lang: str = "zh-Hans"

    def __str__(self) -> str:
        return self.name


PAGE_KINDS = (
    PageKind("landing", "/"),
    PageKind("landing-en", "/?ui=en", lang="en"),
    PageKind("landing-older", "/?before=2024-04-15T00:00:00Z,9"),
    PageKind("article", "/a/newsroom-1"),
    PageKind("article-en", "/a/newsroom-1?ui=en", lang="en"),
    PageKind("article-in-english", "/a/newsroom-2"),
    PageKind("article-hostile", "/a/newsroom-3"),
    PageKind("article-removed", "/a/newsroom-4"),
    PageKind("version", "/a/newsroom-1/v/1"),
    PageKind("captures", "/a/newsroom-1/captures"),
    PageKind("capture", "/capture/urn:uuid:1-2024-04-16T01:00:00Z"),
    PageKind("capture-en", "/capture/urn:uuid:3-2024-04-16T01:00:00Z?ui=en", lang="en"),
    PageKind("no-bytes", "/a/newsroom-1/capture/urn:uuid:1-2024-04-16T01:00:00Z", status=404),
    PageKind("diff", "/a/newsroom-1/diff/1..2"),
    PageKind("diff-form", "/a/newsroom-1/diff/1..2?form=1"),
    PageKind("diff-en", "/a/newsroom-1/diff/1..2?ui=en", lang="en"),
    PageKind("search-form", "/search"),
    PageKind("search-hits", "/search?q=治理"),
    PageKind("search-none", "/search?q=城市火箭"),
    PageKind(
        "search-narrowed", "/search?q=治理&tag=城市治理&tag=基层减负&state=live&state=removed&year=2024&order=relevance"
    ),
    PageKind("search-narrowed-to-none", "/search?q=治理&year=1999"),
    PageKind("search-gone-en", "/search?q=小事办好&gone=1&ui=en", lang="en"),
    PageKind("search-simplified", "/search?q=長三角治理"),
    PageKind("phrase-form", "/phrase"),
    PageKind("phrase", "/phrase?q=治理"),
    PageKind("phrases-en", "/phrase?q=治理&q=改革&q=城市&sort=left&ui=en", lang="en"),
    PageKind("phrase-none", "/phrase?q=火箭"),
    PageKind("changes", "/changes"),
    PageKind("changes-all", "/changes?all=1"),
    PageKind("changes-filtered", "/changes?kind=edited&source=newsroom&since=2024-01-01&ui=en", lang="en"),
    PageKind("changes-none", "/changes?since=2099-01-01"),
    PageKind("changes-of-a-column", "/column/思想者/changes"),
    PageKind("changes-of-a-query-en", "/search/changes?q=小事办好&min_size=1&ui=en", lang="en"),
    PageKind("removed", "/removed"),
    PageKind("removed-en", "/removed?ui=en", lang="en"),
    PageKind("person", "/person/林知远"),
    PageKind("person-en", "/person/林知远?ui=en", lang="en"),
    PageKind("tag", "/tag/城市治理"),
    PageKind("column", "/column/思想者"),
    PageKind("source", "/source/newsroom"),
    PageKind("day", "/day/2024-04-14"),
    PageKind("month", "/month/2024-04"),
    PageKind("year", "/year/2024"),
    PageKind("missing-person", "/person/林知", status=404),
    PageKind("browse", "/browse"),
    PageKind("browse-en", "/browse?ui=en", lang="en"),
    PageKind("browse-list", "/browse/people"),
    PageKind("data", "/data"),
    PageKind("data-en", "/data?ui=en", lang="en"),
    PageKind("api", "/api"),
    PageKind("api-en", "/api?ui=en", lang="en"),
    PageKind("about", "/about"),
    PageKind("about-en", "/about?ui=en", lang="en"),
    PageKind("help", "/help"),
    PageKind("help-en", "/help?ui=en", lang="en"),
    PageKind("status", "/status"),
    PageKind("status-en", "/status?ui=en", lang="en"),
    PageKind("withdrawn", "/a/newsroom-5", status=410),
    PageKind("missing-article", "/a/newsroom-404", status=404),
    PageKind("missing-version", "/a/newsroom-1/v/9", status=404),
    PageKind("missing-version-en", "/a/newsroom-1/v/9?ui=en", status=404, lang="en"),
    PageKind("missing-page", "/nowhere", status=404),
    PageKind("missing-page-en", "/nowhere?ui=en", status=404, lang="en"),
    PageKind("unknown-parameter", "/search?speeker=x", status=400),
    PageKind("bad-request", "/archive/articles?_sort=nothing", status=400),
    PageKind("forbidden", "/archive.db", status=403),
    PageKind("database", "/archive"),
    PageKind("table", "/archive/articles"),
    PageKind("table-found", "/archive/articles?_search=治理&_facet=source"),
    PageKind("table-empty", "/archive/articles?_search=城市火箭"),
    PageKind("view", "/archive/latest_articles"),
    PageKind("row", "/archive/articles/1"),
    PageKind("query-result", "/archive?sql=select+key,headline,url+from+articles"),
    PageKind("query-empty", "/archive?sql=select+key+from+articles+where+0"),
    PageKind("query-error", "/archive?sql=select+nonsense", status=400),
    PageKind("query-refused", "/archive?sql=delete+from+articles", status=400),
    PageKind("canned-query", "/archive/search?q=治理"),
    PageKind("canned-query-without-parameters", "/archive/newest"),
)
BROKEN = PageKind("broken", "/a/newsroom-1", status=500)  # where the archive's file is gone
