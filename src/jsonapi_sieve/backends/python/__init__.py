"""Predicates and orders on Python rows: mappings, objects, named tuples, SQLAlchemy's rows and instances.

A predicate becomes Python code once for its shape, and a list is filtered by one comprehension in it: at the speed of
code written by hand.
"""

from jsonapi_sieve.backends.python.order import compile_python_order
from jsonapi_sieve.backends.python.pages import compile_python_page
from jsonapi_sieve.backends.python.predicate import PythonPredicate, compile_python

__all__ = ["PythonPredicate", "compile_python", "compile_python_order", "compile_python_page"]
