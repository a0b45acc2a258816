from .addresses import Address as Address
from .addresses import address as address
from .outgoing import Delivered as Delivered
from .outgoing import Later as Later
from .outgoing import Outcome as Outcome
from .outgoing import Outgoing as Outgoing
from .outgoing import Refused as Refused
from .sending import send as send
