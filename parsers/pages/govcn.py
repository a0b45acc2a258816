"""中国政府网: policy documents and the State Council gazette."""

from parsers.reader import DefaultPage, meta


class GovcnPage(DefaultPage):
    """The document's own table is kept as metadata; 发布日期 is the date of publication."""

    sources = frozenset({"govcn"})
    hosts = frozenset({"www.gov.cn", "gov.cn"})
    timezone = "Asia/Shanghai"
    body = ("#UCAP-CONTENT", ".pages_content")
    editors = meta("author")  # the responsible editor stands there
    expected = ("body",)
