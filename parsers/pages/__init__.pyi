from .selection import PAGES as PAGES
from .selection import page_for as page_for
