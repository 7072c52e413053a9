"""The demonstration: generated calls in an SQLite file, and what the library makes of a query string on them."""
