"""All messages of the site, joined from one module per subject; names are unique across modules."""

from itertools import chain

from archive.publish.messages.api import API
from archive.publish.messages.article import ARTICLE
from archive.publish.messages.capture import CAPTURE
from archive.publish.messages.changes import CHANGES
from archive.publish.messages.common import COMMON
from archive.publish.messages.dates import DATES
from archive.publish.messages.diff import DIFF
from archive.publish.messages.help import HELP
from archive.publish.messages.knowing import KNOWING
from archive.publish.messages.landing import LANDING
from archive.publish.messages.message import Messages
from archive.publish.messages.places import PLACES
from archive.publish.messages.properties import PROPERTY_NAMES
from archive.publish.messages.searching import SEARCHING
from archive.publish.messages.tables import TABLE_MESSAGES
from archive.publish.messages.terms import TERMS

MODULES: tuple[Messages, ...] = (
    COMMON,
    DATES,
    DIFF,
    TERMS,
    PROPERTY_NAMES,
    TABLE_MESSAGES,
    LANDING,
    PLACES,
    SEARCHING,
    ARTICLE,
    CAPTURE,
    CHANGES,
    KNOWING,
    HELP,
    API,
)
ALL: Messages = dict(chain.from_iterable(each.items() for each in MODULES))
