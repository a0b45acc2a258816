from .files import Home as Home
from .files import OtherVersion as OtherVersion
from .replaying import open_archive as open_archive
from .replaying import read_archive as read_archive
from .rows import Archive as Archive
from .rows import connect as connect
from .rows import not_entered as not_entered
