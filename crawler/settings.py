"""Scrapy's settings: polite by default, and without what Scrapy 2.19 switches on that an archive must not have."""

from archive.files import NAME, PROGRAM

# Names of functions: when an article is due again, and the call at a crawl's end. schedules/settings.py sets both.
CADENCE: str | None = None
CRAWL_ENDED: str | None = None

BOT_NAME = NAME
SPIDER_MODULES = ["crawler.spiders"]
USER_AGENT = PROGRAM

# Politeness is ours (middlewares/politeness.py): one pace a host, which Retry-After and Crawl-delay can slow down.
HOSTS = None  # these nine are set by the run
HOST_BOOK = None
BUDGET = None
CLAIM = None
COMMAND = None
PULSE = None
PULSE_LISTENER = None
STALL = 0.0
LONGEST_CRAWL_DELAY = 0.0
DOWNLOAD_DELAY = 0  # Scrapy's counts from the start of a request, ours from the end of the answer before it
CONCURRENT_ITEMS = 1  # a response makes no items, and Scrapy starts this many tasks for each
CONCURRENT_REQUESTS = 16
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # keeps the frontier's order, newest first
CONCURRENT_REQUESTS_PER_DOMAIN = 16
DOWNLOAD_TIMEOUT = 30  # seconds for the whole answer: one that comes a byte at a time is cut as well
DOWNLOAD_MAXSIZE = 20_000_000  # bytes; Scrapy's usual 1 GiB is more than MEMORY_LIMIT_MB
DOWNLOAD_WARNSIZE = 0  # off: our handler refuses larger bodies
DOWNLOAD_VERIFY_CERTIFICATES = True
DNS_TIMEOUT = 20  # below DOWNLOAD_TIMEOUT, which ends a request before Scrapy's usual 60
ADDRESS_GUARD_ALLOW: list[str] = []
ADDRESS_GUARD_NEVER: list[str] = []

# A server that executes Python, and a telnet console: both on by default.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# HTTP and HTTPS only, and payloads exactly as they were sent.
DOWNLOAD_HANDLERS = {
    "http": "crawler.download.handler.Handler",
    "https": "crawler.download.handler.Handler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}
# Scrapy's own lists are emptied, for it imports the entries that are switched off too, and one of them imports aiohttp.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.address_guard.AddressGuard": 50,
    "crawler.middlewares.robots.Robots": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.middlewares.politeness.Politeness": 900,
}
EXTENSIONS = {
    "crawler.process.memory_watch.MemoryWatch": 0,
    "crawler.process.stall_watch.StallWatch": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
}
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier knows what was seen
COOKIES_ENABLED = False
HTTPCACHE_ENABLED = False
ROBOTSTXT_OBEY = True  # by middlewares/robots.py
MEMORY_LIMIT_MB = 512  # by process/memory_watch.py; the process of the parser has a limit of its own

LOG_LEVEL = "WARNING"
LOG_VERSIONS: list[str] = []
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # unused: the archive counts on its own
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False
