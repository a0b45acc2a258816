from .limits import READY as READY
from .limits import apply_limits as apply_limits
from .process import confine as confine
