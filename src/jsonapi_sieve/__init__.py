"""A JSON:API query becomes one typed predicate, and that predicate selects the same rows on every engine."""
