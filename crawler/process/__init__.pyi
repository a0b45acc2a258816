from .journal import open_journal as open_journal
from .journal import tell_end as tell_end
from .journal import tell_start as tell_start
from .reactor import NeverBegan as NeverBegan
from .reactor import run_to_the_end as run_to_the_end
