from .files import CONTENT_TYPES as CONTENT_TYPES
from .files import FORM as FORM
from .files import moment as moment
from .importer import ImportSummary as ImportSummary
from .importer import import_paths as import_paths
