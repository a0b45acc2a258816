"""The set-up of a crawl: `scrapy crawl articles -a source=NAME`, Scrapy's settings for a run, its proxies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from archive.files import PROGRAM
from archive.settings import load_settings
from crawler.middlewares import Budget
from crawler.runs import CrawlOptions, Run, daily, nobody
from crawler.sources import source_named


def run_asked_for(name: str | None, limit: str | None, given: BaseSettings) -> Run:
    """The Run that Scrapy's command line asks for, in the home THINKER_HOME, else ./data. given: Scrapy's settings.

    Raises UnknownSource, NoSeeds, NoContact, SettingsError, and ValueError without a name or for a malformed limit.
    """
    if not name:
        raise ValueError("name a source, as in scrapy crawl articles -a source=newsroom")
    if limit is not None and not (limit.isascii() and limit.isdigit() and int(limit)):
        raise ValueError(f"limit={limit}: give the maximum number of articles, as in -a limit=10")
    home = Path(os.environ.get("THINKER_HOME") or "data")
    settings = load_settings(home)
    source = source_named(name, settings)
    source.require_seeds()
    source.require_contact(settings.contact)
    cadence, ended = given.get("CADENCE"), given.get("CRAWL_ENDED")
    options = CrawlOptions(
        limit=int(limit) if limit else None,
        cadence=load_object(cadence) if cadence else daily,
        ended=load_object(ended) if ended else nobody,
    )
    return Run.by(settings, source, home, options)


def configure_scrapy(crawler: Crawler, run: Run) -> None:
    """Set Scrapy's settings to those of a run, as `settings_of` gives them."""
    for name, value in settings_of(run).items():
        crawler.settings.set(name, value, priority="spider")


def settings_of(run: Run) -> dict[str, Any]:
    """The settings that a run changes in Scrapy, by name: user agent, hosts, budget, address rules and the like."""
    told = "; ".join(filter(None, (run.about, run.contact)))  # the project's address and the contact
    agent = PROGRAM + (f" (+{told})" if told else "")
    return {
        "USER_AGENT": agent,
        "HOSTS": run.hosts,
        "HOST_BOOK": run.host_book(run.home),
        "BUDGET": _budget(run),
        "CLAIM": run.claim,
        "LONGEST_CRAWL_DELAY": run.longest_crawl_delay,
        "ADDRESS_GUARD_ALLOW": list(run.source.allow),
        "ADDRESS_GUARD_NEVER": list(run.never),
        "COMMAND": f"thinker fetch {run.options.addresses[0]}"
        if run.options.addresses
        else f"thinker crawl {run.source.name}",
        "PULSE": run.pulse,
        "PULSE_LISTENER": run.options.listener,
        "STALL": run.options.stall,
    }


def _budget(run: Run) -> Budget:
    """The unspent budget of a crawl."""
    source = run.source
    return Budget(source.budget_pages, source.budget_bytes, source.budget_seconds, time=run.options.time_limit)


def unused_proxy(homepage: str) -> str | None:
    """A warning if http_proxy, https_proxy or all_proxy holds for a homepage and no_proxy does not; else None."""
    parts = urlsplit(homepage)
    host, known = parts.hostname or "", getproxies()
    named = next((kind for kind in (parts.scheme, "all") if known.get(kind)), None)
    if named is None or proxy_bypass(host):
        return None
    return (
        f"{named}_proxy is not used: behind a proxy, the address guard cannot see to which addresses names lead, so "
        f"{host} is asked directly; unset the variable, or add {host} to no_proxy"
    )
