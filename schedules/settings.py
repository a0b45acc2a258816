"""What `scrapy crawl` is given (scrapy.cfg names this): the crawler's settings, a cadence, and who hears of the end."""

from crawler.settings import *  # noqa: F403

CADENCE = "schedules.cadence.next_due"
CRAWL_ENDED = "schedules.health.noting.note_health"
