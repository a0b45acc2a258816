"""Scrapy's settings for `scrapy crawl` (see scrapy.cfg): the crawler's, a cadence, and the call at a crawl's end."""

from crawler.settings import *  # noqa: F403

CADENCE = "schedules.cadence.next_due"
CRAWL_ENDED = "schedules.health.noting.note_health"
