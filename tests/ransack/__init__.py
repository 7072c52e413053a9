"""The library against Ransack 4.3.0 on PostgreSQL 15: the same filters, the same rows, the same answers.

Three parties answer each measured case: Ransack (in `tests/data/ransack`), the library (in Python and in SQLite) and a
`reference` written for these tests. Where the library may differ, `readings` says how Ransack reads the filter instead:
the reference gives the measured rows for Ransack's reading, and the library's rows for the library's.
"""
