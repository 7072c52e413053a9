import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jsonapi_sieve.service

PACKAGE = Path(jsonapi_sieve.service.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "service.md"


def codes() -> Iterator[str]:
    """Give the code of each error object that the service makes."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("ErrorObject", "_fault", "_refusal"):
                texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                yield from [text for text in texts if isinstance(text, str)][:1]


def test_each_code_of_the_service_is_told() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| [0-9]{3} \|", PAGE.read_text(), re.MULTILINE)
    assert set(codes()) == set(told)
    assert len(told) == 8
