"""The shape of the code: small files, packages that are found where they should be, nothing that happens at import."""

import ast
import os
import subprocess
import sys
import tomllib
from importlib.machinery import PathFinder
from pathlib import Path
from statistics import median

import alembic
import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ("registry", "workers", "cli")

PRODUCT = [
    path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py")) if path.stat().st_size
]
TESTS = sorted((PROJECT / "tests").rglob("*.py"))
MODULES = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in sorted((PROJECT / package).rglob("*.py"))
]

HEAVY = (
    "alembic",
    "fastapi",
    "uvicorn",
    "matplotlib",
    "scipy",
    "celery.worker",
    "celery.bin",
    "kombu.transport",
)
"""What a command line that only prints its help must not load."""

LIBRARIES = (
    "celery",
    "fastapi",
    "httpx",
    "matplotlib.figure",
    "numpy",
    "psycopg",
    "redis",
    "scipy",
    "sqlmodel",
    "typer",
)

QUIET = """
import importlib, logging, signal, sys, threading

libraries, modules = (argument.split() for argument in sys.argv[1:])
seen = []
def hook(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "signal.")):
        seen.append(event)
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen.append(f"{event} {arguments[0]}")

for library in libraries:  # what they do at import is theirs
    importlib.import_module(library)
handlers = [signal.getsignal(n) for n in signal.valid_signals()]
sys.dont_write_bytecode = True
sys.addaudithook(hook)
for module in modules:
    importlib.import_module(module)
assert not seen, seen
assert threading.active_count() == 1, threading.enumerate()
assert not logging.getLogger().handlers, logging.getLogger().handlers
assert handlers == [signal.getsignal(n) for n in signal.valid_signals()]
"""

HOSTILE = {
    "MPS_DATABASE_URL": "garbage",
    "MPS_REDIS_URL": "garbage",
    "MPS_CHUNK_SIZE": "garbage",
    "MPS_LOG_LEVEL": "garbage",
}
"""Settings that nobody could read: whoever reads them at import fails."""


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def says_why_it_is_long(path: Path) -> bool:
    return "because" in (ast.get_docstring(ast.parse(path.read_text())) or "")


@pytest.mark.parametrize(("files", "limit"), [(PRODUCT, 250), (TESTS, 400)], ids=["product", "tests"])
def test_files_are_short_or_say_why_not(files, limit):
    long = [str(path.relative_to(PROJECT)) for path in files if lines(path) > limit]
    assert [path for path in long if not says_why_it_is_long(PROJECT / path)] == []


def test_half_of_the_files_have_fewer_than_80_lines():
    assert median(lines(path) for path in PRODUCT) < 80


def test_there_are_no_drawers():
    drawers = {"utils", "util", "helpers", "common", "misc", "manager", "base", "tools"}
    assert [
        str(path) for path in PRODUCT if drawers & {*path.relative_to(PROJECT).with_suffix("").parts}
    ] == []


class TestAlembic:
    """A folder of that name beside the library of that name: three ways to break it, all of them silent."""

    def test_our_folder_is_no_package(self):
        assert not (PROJECT / "alembic" / "__init__.py").exists()

    def test_the_library_is_found_and_not_our_folder(self):
        assert alembic.__file__ is not None
        assert not Path(alembic.__file__).is_relative_to(PROJECT / "alembic")

    def test_the_wheel_holds_exactly_our_packages(self):
        with (PROJECT / "pyproject.toml").open("rb") as file:
            made = tomllib.load(file)
        assert made["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_are_found_inside_the_project(package):
    """The names are ordinary words; a library that brings one of them along must be noticed."""
    found = PathFinder.find_spec(package)
    assert found is not None
    assert found.origin == str(PROJECT / package / "__init__.py")


def test_tests_are_no_package():
    assert not list((PROJECT / "tests").rglob("__init__.py"))


def run(folder: Path, environment: dict[str, str], code: str, *arguments: str) -> tuple[int, str, str]:
    """Run code in a fresh Python with nothing but this environment: exit status, output, errors."""
    home = folder.with_name(folder.name + "-home")  # where libraries keep their caches
    done = subprocess.run(
        (sys.executable, "-W", "error", "-c", code, *arguments),
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT), "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


class TestImport:
    @pytest.mark.parametrize(
        ("order", "environment"), [(1, {}), (-1, HOSTILE)], ids=["forwards", "backwards, hostile settings"]
    )
    def test_nothing_happens(self, order, environment, tmp_path):
        """Every module, in two orders (a cycle shows in one of them): silent, no file, socket, process or thread."""
        done = run(tmp_path, environment, QUIET, " ".join(LIBRARIES), " ".join(MODULES[::order]))
        assert done == (0, "", "")
        assert os.listdir(tmp_path) == []

    def test_help_does_not_load_what_it_does_not_need(self, tmp_path):
        code = f"""
import sys
sys.argv = ["mps", "--help"]
import cli.main
try:
    cli.main.run()
except SystemExit as end:
    assert not end.code, end.code
loaded = [name for name in {HEAVY} if name in sys.modules]
assert not loaded, loaded
"""
        status, output, errors = run(tmp_path, {}, code)
        assert (status, errors) == (0, "")
        assert "simulate" in output
