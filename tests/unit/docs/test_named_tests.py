"""Documents that say where a promise is tested name tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMED = re.compile(r"(tests/[\w/]+\.py)::((?:Test\w+::)?\w+)")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@cache
def names_in(path: Path) -> frozenset[str]:
    """Names of the tests of a file, and of its classes, with and without the class before them."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            inner = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
            found |= {node.name} | {f"{node.name}::{name}" for name in inner}
    return frozenset(found)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_named_test_exists(document: Path) -> None:
    named = NAMED.findall(document.read_text(encoding="utf-8"))
    missing = [f"{path}::{name}" for path, name in named if not _exists(path, name)]
    assert missing == []


def _exists(path: str, name: str) -> bool:
    file = ROOT / path
    return name.split("::")[-1].startswith(("test", "Test")) and file.exists() and name in names_in(file)


def test_a_missing_one_is_noticed() -> None:
    here = "tests/unit/docs/test_named_tests.py"
    assert _exists(here, "test_a_missing_one_is_noticed")
    assert not _exists(here, "test_that_nobody_wrote")
    assert not _exists("tests/unit/docs/test_nowhere.py", "test_a_missing_one_is_noticed")
