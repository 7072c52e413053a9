"""The applications in `examples` are served by tests/integrations; to import one starts it."""

collect_ignore = ["examples"]
