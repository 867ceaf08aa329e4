"""PDF out of the report's page: the same HTML, no second template.

WeasyPrint needs the Pango library of the system (Debian: ``apt-get install libpango-1.0-0 libpangoft2-1.0-0``), so a
PDF is made on request from the stored page and is not one of the report's own files. The same page gives the same bytes:
fonts come from the installed packages and not from the system, fontTools (locked like they are) cuts them down whatever
else the system has, and nothing reads the clock. Only where lines break is left to the system's Pango and HarfBuzz:
another version of these may break one elsewhere.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from registry.errors import MpsError

FONTS = {
    "DejaVuSans.ttf": ("normal", "normal"),
    "DejaVuSans-Bold.ttf": ("bold", "normal"),
    "DejaVuSans-Oblique.ttf": ("normal", "italic"),
    "DejaVuSans-BoldOblique.ttf": ("bold", "italic"),
}
"""File -> (weight, style) of the typeface that comes with matplotlib, in which the figures are set as well."""

FAMILY = "DejaVu Sans"
SCHEME = "font:"
EPOCH = "315532800"
"""1 January 1980, for whatever wants to write a time into a font."""


class NoPango(MpsError):
    """A PDF needs the Pango library. On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0."""

    code = "no_pango"
    exit_status = 2


def to_pdf(page: bytes) -> bytes:
    """The page of a report as PDF/UA-1."""
    with _the_same_everywhere():
        try:
            import weasyprint  # loads the library of the system, which is there only where PDFs are made
        except OSError as error:
            raise NoPango() from error
        weasyprint.pdf.fonts.harfbuzz_subset = None
        configuration: Any = weasyprint.text.fonts.FontConfiguration()
        style = weasyprint.CSS(string=_style(), url_fetcher=_fonts_only, font_config=configuration)
        document: Any = weasyprint.HTML(string=page.decode(), url_fetcher=_fonts_only)
        made: bytes = document.write_pdf(
            stylesheets=[style], font_config=configuration, pdf_variant="pdf/ua-1"
        )
    return made


@contextmanager
def _the_same_everywhere() -> Iterator[None]:
    """A fixed time in the fonts, and no complaint that they are not cut down by a library one system has and another has not."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "HarfBuzz-Subset will be required", DeprecationWarning)
            yield
    finally:
        os.environ.pop("SOURCE_DATE_EPOCH")
        if epoch is not None:
            os.environ["SOURCE_DATE_EPOCH"] = epoch


def _style() -> str:
    faces = "".join(
        f'@font-face {{ font-family: "{FAMILY}"; src: url("{SCHEME}{file}"); font-weight: {weight}; font-style: {style} }}\n'
        for file, (weight, style) in FONTS.items()
    )
    return f'{faces}* {{ font-family: "{FAMILY}" !important }}'


def _fonts_only(url: str, *_: Any, **__: Any) -> Any:
    """A report is one file; it fetches nothing but the typeface of this module."""
    file = url.removeprefix(SCHEME)
    if file not in FONTS:
        raise ValueError(f"a report refers to nothing outside itself, but to {url[:80]}")
    import matplotlib as figures  # only now: see registry.render.figures
    from weasyprint.urls import URLFetcherResponse

    found = Path(figures.get_data_path()) / "fonts" / "ttf" / file
    return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": "font/ttf"})
