"""a5qu.com, a mirror in English: its pages, and the text dump of one."""

from parsers.pages.default import DefaultPage


class A5quPage(DefaultPage):
    """x"""

    sources = frozenset({"a5qu"})
    hosts = frozenset({"a5qu.com"})
    timezone = "Asia/Shanghai"
    tagged_titles = True


class A5quDumpPage(A5quPage):
    """y"""
