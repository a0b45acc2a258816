from .columns import ExportColumn as ExportColumn
from .data_sets import DATA_SETS as DATA_SETS
from .data_sets import DataSet as DataSet
from .formats import FORMATS as FORMATS
from .formats import ExportFormat as ExportFormat
from .selecting import Slice as Slice
from .selecting import rows as rows
from .selecting import selection as selection
