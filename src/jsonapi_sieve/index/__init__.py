"""Many stored filters against one record, and many filters over one list of rows.

`FilterIndex` finds the filters that a record passes, at a cost that hardly grows with their number.
"""

from jsonapi_sieve.index.filter_index import Explanation, FilterIndex
from jsonapi_sieve.index.row_index import RowIndex
from jsonapi_sieve.index.saving import DamagedIndex, load_index, save_index

__all__ = ["DamagedIndex", "Explanation", "FilterIndex", "RowIndex", "load_index", "save_index"]
