"""PDF out of the report's page: the same HTML, no second template.

WeasyPrint needs the Pango library of the system (Debian: ``apt-get install libpango-1.0-0 libpangoft2-1.0-0``), so a
PDF is made on request from the stored page and is not one of the report's own files. The same page gives the same bytes
on one machine; fonts and library versions of another may differ.
"""

from typing import Any

from registry.errors import MpsError


class NoPango(MpsError):
    """A PDF needs the Pango library. On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0."""

    code = "no_pango"
    exit_status = 2


def to_pdf(page: bytes) -> bytes:
    """The page of a report as PDF/UA-1."""
    try:
        import weasyprint  # loads the library of the system, which is there only where PDFs are made
    except OSError as error:
        raise NoPango() from error
    document: Any = weasyprint.HTML(string=page.decode(), url_fetcher=_no_address)
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _no_address(url: str, *_: Any, **__: Any) -> Any:
    """A report is one file; it fetches nothing."""
    raise ValueError(f"a report refers to nothing outside itself, but to {url[:80]}")
