from .keys import safe_url as safe_url
from .keys import urlkey as urlkey
from .logins import is_login as is_login
from .parameters import differing_parameters as differing_parameters
from .parameters import without_parameters as without_parameters
