"""PDF from the page; only where the machine has Pango."""

import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from registry.render.files import render
from registry.render.pdf import NoPango, to_pdf
from tests.factories_report import a_document


@pytest.fixture(scope="module")
def page() -> bytes:
    return next(file.content for file in render(a_document()) if file.name == "report.html")


@pytest.fixture(scope="module")
def made(page: bytes) -> bytes:
    try:
        return to_pdf(page)
    except NoPango:
        pytest.skip("this machine has no Pango")


def test_page_becomes_the_same_pdf_in_another_process_at_another_time(page, made, tmp_path: Path):
    (tmp_path / "page.html").write_bytes(page)
    program = (
        "import sys, time; time.time = lambda: 2e9\n"
        "from registry.render.pdf import to_pdf\n"
        "open(sys.argv[2], 'wb').write(to_pdf(open(sys.argv[1], 'rb').read()))"
    )
    places = [str(tmp_path / name) for name in ("page.html", "page.pdf")]
    subprocess.run([sys.executable, "-W", "error", "-c", program, *places], check=True)

    assert made.startswith(b"%PDF-")
    assert (tmp_path / "page.pdf").read_bytes() == made


def test_no_font_of_the_system_is_in_it(made):
    bodies = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    objects = b"".join(zlib.decompressobj().decompress(body) for body in bodies if body[:1] == b"\x78")
    fonts = set(re.findall(rb"/BaseFont /[A-Z]+\+([\w-]+)", objects))
    assert fonts
    assert all(name.startswith(b"DejaVu-Sans") for name in fonts), fonts
