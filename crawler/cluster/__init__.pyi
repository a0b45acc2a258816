from .desk import Desk as Desk
from .order import wanted as wanted
from .worker import Done as Done
from .worker import Work as Work
from .worker import work_to_the_end as work_to_the_end
