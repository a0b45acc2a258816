from .applying import apply as apply
from .applying import propose as propose
from .applying import undo as undo
from .reporting import Example as Example
from .reporting import ReparseReport as ReparseReport
from .selecting import Selection as Selection
