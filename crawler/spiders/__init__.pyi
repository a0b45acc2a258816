from .article_spider import ArticleSpider as ArticleSpider
from .environment import configure_scrapy as configure_scrapy
from .seed_reader import MAX_REDIRECTS as MAX_REDIRECTS
from .seed_reader import SeedReader as SeedReader
from .seed_reader import list_request as list_request
from .seed_reader import redirected as redirected
