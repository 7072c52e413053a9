"""A page that shows what a filter does: its rows, its meaning, its SQL, and plots of all that it selects.

Any application can mount it, with its own resources; it knows nothing of a domain. `asgi` and `wsgi` are the ways to.
"""

from jsonapi_sieve.explorer.declared import Categories, Explored, Exports, Numbers, Plots, Source
from jsonapi_sieve.explorer.explorer import Explorer
from jsonapi_sieve.explorer.links import Links

__all__ = ["Categories", "Explored", "Explorer", "Exports", "Links", "Numbers", "Plots", "Source"]
