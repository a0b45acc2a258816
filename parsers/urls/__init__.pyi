from .keys import safe_url as safe_url
from .keys import urlkey as urlkey
from .logins import is_login as is_login
