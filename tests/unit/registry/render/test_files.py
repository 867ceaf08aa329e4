"""The files of a report: their names, and the same bytes every time and everywhere."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.domain.report.document import Document, Section
from registry.render.figures import FIGURES
from registry.render.files import render
from registry.render.soundness import UnsoundDocument
from tests.factories_report import FIGURE_DATA, a_document, a_figure, a_table, of_blocks

ROOT = Path(__file__).parents[4]


def every_kind() -> Document:
    """A staff report with a table and a figure of every kind."""
    figures = tuple(a_figure(kind) for kind in FIGURE_DATA)
    return a_document(
        Section("tables", "Tables", (a_table(),)), Section("figures", "Figures", figures), audience="staff"
    )


def digest(document: Document) -> str:
    """One hash over all names and bytes."""
    whole = hashlib.sha256()
    for file in render(document):
        whole.update(file.name.encode() + file.content)
    return whole.hexdigest()


def test_every_table_and_figure_has_its_file() -> None:
    files = {file.name: file.media_type for file in render(of_blocks(a_table(), a_figure("bars")))}
    assert files == {
        "report.html": "text/html; charset=utf-8",
        "report.json": "application/json",
        "tables/t4_response.csv": "text/csv; charset=utf-8",
        "tables/f_bars_numbers.csv": "text/csv; charset=utf-8",
        "figures/f_bars.svg": "image/svg+xml",
    }


def test_the_factory_has_data_for_every_kind_of_figure() -> None:
    assert set(FIGURE_DATA) == set(FIGURES)


def test_the_bytes_repeat_in_another_process_with_another_clock_language_and_hash_seed(
    tmp_path: Path,
) -> None:
    code = "from tests.unit.registry.render.test_files import digest, every_kind; print(digest(every_kind()))"
    strange = {
        "PYTHONHASHSEED": "4711",
        "TZ": "Asia/Tokyo",
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
    }
    other = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | strange,
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == digest(every_kind())


def test_matplotlib_is_not_loaded_until_something_is_drawn_and_then_says_nothing(tmp_path: Path) -> None:
    """A home that can not be written to is what a worker in a container has."""
    home = tmp_path / "home"
    home.write_text("a file, so that no folder can be made in it")
    code = (
        "import sys, registry.render.files; assert 'matplotlib' not in sys.modules;"
        "from tests.factories_report import a_figure, of_blocks;"
        "registry.render.files.render(of_blocks(a_figure('lines')));"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_an_unsound_document_is_not_rendered() -> None:
    with pytest.raises(UnsoundDocument, match="there twice"):
        render(of_blocks(a_table(), a_table()))


def test_what_is_hidden_is_in_no_file() -> None:
    """The factory hides the partial responders among the assessable, and writes "< 5" in the cell on
    purpose."""
    for file in render(of_blocks(a_table(), a_figure("flow"))):
        text = file.content.decode()
        assert "< 5" not in text
        assert "&lt; 5" not in text
        if file.name != "figures/f_flow.svg":
            assert "suppressed" in text
