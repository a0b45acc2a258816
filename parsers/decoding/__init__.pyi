from .trials import bom as bom
from .trials import decode as decode
from .trials import decode_doubtful as decode_doubtful
from .trials import decode_label as decode_label
from .trials import header_encoding as header_encoding
from .trials import is_surely_utf8 as is_surely_utf8
from .trials import meta_encoding as meta_encoding
