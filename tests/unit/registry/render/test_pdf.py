"""PDF from the page; only where the machine has Pango."""

import pytest

from registry.render.files import render
from registry.render.pdf import NoPango, to_pdf
from tests.factories_report import a_document


def test_page_becomes_the_same_pdf_twice():
    page = next(file.content for file in render(a_document()) if file.name == "report.html")
    try:
        first = to_pdf(page)
    except NoPango:
        pytest.skip("this machine has no Pango")

    assert first.startswith(b"%PDF-")
    assert first == to_pdf(page)
