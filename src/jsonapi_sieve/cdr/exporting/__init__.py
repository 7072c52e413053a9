"""Orders for files of calls, taken up by runners: from stored filters to a file, exactly once.

`Exporter(engine, folder).run_one()` takes the oldest order that waits, writes its file, and tells what came of it. Any
number of runners may work on one database.
"""

from jsonapi_sieve.cdr.exporting.engines import open_engine
from jsonapi_sieve.cdr.exporting.exporter import Exporter, Format, Progress
from jsonapi_sieve.cdr.exporting.kinds import CDR_EXPORTS, FileColumn, Kind, Selection, TimeFormat
from jsonapi_sieve.cdr.exporting.orders import Deleted, WrongStatus
from jsonapi_sieve.cdr.exporting.tidying import Cleaned
from jsonapi_sieve.cdr.exporting.zones import UnknownZone

__all__ = [
    "CDR_EXPORTS",
    "Cleaned",
    "Deleted",
    "Exporter",
    "FileColumn",
    "Format",
    "Kind",
    "Progress",
    "Selection",
    "TimeFormat",
    "UnknownZone",
    "WrongStatus",
    "open_engine",
]
