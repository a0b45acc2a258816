from .masking import Mask as Mask
from .refresh import sent_on_to as sent_on_to
from .scripted import is_rendered_by_script as is_rendered_by_script
from .shape import likeness as likeness
from .shape import shape_of as shape_of
