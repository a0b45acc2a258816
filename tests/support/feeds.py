"""Small feeds in three formats that name the same articles."""

from datetime import UTC, datetime

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Site</title><link>https://www.example.cn/</link>
<item><title>江与海</title><link>https://www.example.cn/a/1</link><pubDate>Sat, 13 Apr 2024 23:01:00 +0800</pubDate>
</item>
<item><title>By guid</title><guid>https://www.example.cn/a/2</guid></item>
<item><title>Twice</title><link>/a/1</link></item>
<item><title>Nowhere</title><guid isPermaLink="false">abc</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Site</title><link href="/"/>
<entry><title>One &amp; two</title><link rel="edit" href="/edit"/>
<link href="/a/1"/><updated>2024-04-13T15:01:00Z</updated></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><item>
<title>T</title><link>/a/1</link><dc:date>2024-04-13T15:01:00Z</dc:date></item></rdf:RDF>"""
APRIL = datetime(2024, 4, 13, 15, 1, tzinfo=UTC)
