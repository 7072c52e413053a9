import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jsonapi_sieve.service

PACKAGE = Path(jsonapi_sieve.service.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "service.md"
CODE_AT = {"ErrorObject": 0, "_fault": 1, "_refusal": 0}


def codes() -> Iterator[str]:
    """Give the code of each error object that the service makes."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in CODE_AT:
                code = node.args[CODE_AT[ast.unparse(node.func)]]
                if isinstance(code, ast.Constant):
                    yield str(code.value)


def test_each_code_of_the_service_is_told() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| [0-9]{3} \|", PAGE.read_text(), re.MULTILINE)
    assert told
    assert sorted(set(codes())) == sorted(told)
