"""One crawl in a process of its own: `python crawling.py HOME '{"limit": 3}'`, its figures as JSON on stdout."""

import dataclasses
import json
import sys
from datetime import datetime

from archive.settings.settings import load_settings
from crawler import crawl, plan_crawl
from crawler.runs.options import CrawlOptions
from crawler.runs.plan import Plan
from crawler.sources import source_named

if __name__ == "__main__":
    home, options = sys.argv[1], json.loads(sys.argv[2])
    name = options.pop("source", "newsroom")
    if "since" in options:
        options["since"] = datetime.fromisoformat(options["since"])
    call = plan_crawl if options.pop("dry_run", False) else crawl
    told = call(source_named(name, load_settings(home)), home, CrawlOptions(**options))
    print(
        json.dumps(
            [dataclasses.asdict(url) for url in told.urls] if isinstance(told, Plan) else dataclasses.asdict(told)
        )
    )
