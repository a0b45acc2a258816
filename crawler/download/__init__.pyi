from .bodies import BodyMemory as BodyMemory
from .handler import KEEP_PARTS as KEEP_PARTS
from .handler import Answer as Answer
from .responses import REDIRECTS as REDIRECTS
from .responses import fetched as fetched
