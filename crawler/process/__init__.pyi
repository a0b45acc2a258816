from .journal import log_end as log_end
from .journal import log_start as log_start
from .journal import open_journal as open_journal
from .reactor import NeverBegan as NeverBegan
from .reactor import run_to_the_end as run_to_the_end
