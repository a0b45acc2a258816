"""One crawl with frontier and hosts on a server: `crawling_on_redis.py HOME URL`; its figures as JSON on stdout."""

import dataclasses
import json
import sys
from pathlib import Path

from archive.settings.settings import load_settings
from crawler.frontier import RedisFrontier, RedisHostBook, Server
from crawler.process import run_to_the_end
from crawler.runs import Run
from crawler.sources import source_named
from crawler.spiders import ArticleSpider

if __name__ == "__main__":
    home, server = Path(sys.argv[1]), Server(sys.argv[2])
    settings = load_settings(home)
    run = dataclasses.replace(
        Run.by(settings, source_named("newsroom", settings), home),
        frontier=lambda _, source: RedisFrontier(server, source),
        host_book=lambda _: RedisHostBook(server),
    )
    print(json.dumps(dataclasses.asdict(run_to_the_end(ArticleSpider, run).conclusion())))
