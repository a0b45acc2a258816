"""Everything that the site says, a module a subject; a name stands once in all of them."""

from itertools import chain

from archive.publish.messages.charts import CHARTS
from archive.publish.messages.common import COMMON
from archive.publish.messages.knowing import KNOWING
from archive.publish.messages.message import Messages
from archive.publish.messages.places import PLACES
from archive.publish.messages.tables import TABLE_MESSAGES
from archive.publish.messages.terms import TERMS

MODULES: tuple[Messages, ...] = (COMMON, CHARTS, PLACES, KNOWING, TERMS, TABLE_MESSAGES)
ALL: Messages = dict(chain.from_iterable(each.items() for each in MODULES))
