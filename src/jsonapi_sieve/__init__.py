"""JSON:API query strings as typed predicates that select the same rows on every engine.

Declare what can be filtered, parse what a client sends, and run the predicate where the rows are:

>>> from jsonapi_sieve import Field, FilterSet, types
>>> from jsonapi_sieve.backends.python import compile_python
>>> class CdrExportFilters(FilterSet):
...     status = Field(types.Enum("Pending", "Completed"))
>>> pending = CdrExportFilters().parse("filter[status-eq]=Pending")
>>> compile_python(pending).select([{"status": "Completed"}, {"status": "Pending"}])
[{'status': 'Pending'}]
"""

from jsonapi_sieve import types
from jsonapi_sieve.errors import CompileError, DeclarationError, ErrorObject, NotRenderable, QueryErrors
from jsonapi_sieve.field import DEFAULTS, AllOf, AnyOf, Field
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.own_operators import Backends, OwnOperator, Refused, define_operator
from jsonapi_sieve.predicate import FALSE, TRUE, And, Comparison, Not, Or, Predicate, Related
from jsonapi_sieve.relationship import ToMany, ToOne
from jsonapi_sieve.rules import Default, Dependent, Required, RequiredAny, Rule
from jsonapi_sieve.sorting import Order, Sort, SortKey

__all__ = [
    "DEFAULTS",
    "FALSE",
    "TRUE",
    "AllOf",
    "And",
    "AnyOf",
    "Arity",
    "Backends",
    "Comparison",
    "CompileError",
    "DeclarationError",
    "Default",
    "Dependent",
    "ErrorObject",
    "Field",
    "FilterSet",
    "Limits",
    "Not",
    "NotRenderable",
    "Or",
    "Order",
    "OwnOperator",
    "Predicate",
    "QueryErrors",
    "Refused",
    "Related",
    "Required",
    "RequiredAny",
    "Rule",
    "Sort",
    "SortKey",
    "ToMany",
    "ToOne",
    "define_operator",
    "types",
]
