from .selection import PAGES as PAGES
from .selection import page_for as page_for
from .selection import source_of_dump as source_of_dump
