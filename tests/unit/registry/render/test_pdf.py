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


CUTTER = "harfbuzz-subset"
MACHINES = {
    "2001, no library that cuts fonts down": ("1e9", "raise OSError(name)"),
    "2033, such a library": ("2e9", "return object()"),
}
"""What a machine is like -> (its clock, what it answers where WeasyPrint asks for the library)."""


@pytest.mark.parametrize(("clock", "answer"), MACHINES.values(), ids=MACHINES)
def test_page_becomes_the_same_pdf_on_another_machine(clock, answer, page, made, tmp_path: Path):
    (tmp_path / "page.html").write_bytes(page)
    program = f"""
import sys, time, cffi
from pathlib import Path
time.time = lambda: {clock}
load = cffi.FFI.dlopen
def dlopen(ffi, name, flags=0):
    if "{CUTTER}" in name:
        {answer}
    return load(ffi, name, flags)
cffi.FFI.dlopen = dlopen
from registry.render.pdf import to_pdf
Path(sys.argv[2]).write_bytes(to_pdf(Path(sys.argv[1]).read_bytes()))
"""
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
