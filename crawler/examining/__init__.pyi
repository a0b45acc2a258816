from .examination import Examined as Examined
from .examination import examine as examine
from .lists import KINDS as KINDS
from .report import report_of as report_of
from .spider import OnePageSpider as OnePageSpider
