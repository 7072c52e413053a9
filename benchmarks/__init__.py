"""How far the library is from the limit: each stage against code written by hand for one query, in the same run."""
