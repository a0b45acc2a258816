from .depots import depot_of as depot_of
from .desk import Desk as Desk
from .opening import open_work as open_work
from .order import wanted as wanted
from .remote import use_workers as use_workers
from .work import Done as Done
from .work import Work as Work
from .worker import work_to_the_end as work_to_the_end
