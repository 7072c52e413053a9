import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import jsonapi_sieve.integrations
import jsonapi_sieve.service

DOCS = Path(__file__).parents[2] / "docs"
MAKING = {"ErrorObject", "_refusal", "_unavailable"}


def codes(package: ModuleType) -> Iterator[str]:
    """Give the code of each error object that a package makes."""
    for path in Path(*package.__path__).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]) if name in MAKING:
                    yield code
                case ast.Dict(values=[ast.Tuple(), *_] as rows):  # what statuses mean
                    yield from (ast.literal_eval(row)[0] for row in rows)


def told(page: str) -> set[str]:
    return set(re.findall(r"^\| `([a-z-]+)` \| [0-9]{3} \|", (DOCS / page).read_text(), re.MULTILINE))


ELSEWHERE = {"body-limit", "method-not-allowed", "related-not-found"}  # told in errors.md
OF_ALL = set(codes(jsonapi_sieve.integrations)) - ELSEWHERE


def test_each_code_of_the_service_is_told() -> None:
    of_applications = {"conflict", "forbidden", "length-required"}
    assert told("service.md") == OF_ALL - of_applications | set(codes(jsonapi_sieve.service))


def test_each_code_of_the_integrations_is_told() -> None:
    assert told("frameworks.md") == OF_ALL
