"""An extension of griffe that fences the examples of docstrings, for Markdown would take `>>>` for a quotation."""

import re
from typing import Any

from griffe import Extension, Module, Object

_EXAMPLE = re.compile(r"^( *)>>> .*(?:\n.*\S.*)*", re.MULTILINE)


class DoctestFences(Extension):
    """Fences each example, which ends where a line is empty."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Griffe calls this for each module, class, function and attribute within a package, once it has read it."""
        if obj.docstring:
            obj.docstring.value = _EXAMPLE.sub(r"\1```pycon\n\g<0>\n\1```", obj.docstring.value)

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Griffe calls this for the package itself."""
        self.on_object(obj=pkg)
