"""A figure as SVG: for a file of its own and for the page it stands in.

The text stays text (searchable, and half the size of outlines). The bytes repeat: no date, no random names.
What the picture shows is told to a screen reader by ``role``, ``title`` and ``desc``.
"""

import io
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from registry.domain.report.document import Figure
from registry.render.figures import drawer

SETTINGS: Mapping[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mps",
    "font.family": ["sans-serif"],
    # The first comes with matplotlib and is measured; the others are for readers who do not have it.
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif"],
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    "path.simplify": False,
    "hatch.linewidth": 0.5,
    "hatch.color": "#767676",
    "savefig.facecolor": "#ffffff",
    "axes.facecolor": "none",
}
"""Everything matplotlib is told; a matplotlibrc of the machine is not listened to."""

_ID = re.compile(r' id="([^"]+)"')
_PATH = re.compile(r' d="[^"]*"')
_MORE_DIGITS = re.compile(r"(\.\d\d)\d+")
"""A hundredth of a point is finer than any paper; the curves of a large registry become half as long."""
_PAPER = re.compile(r'<path d="[^"]*" style="fill: #ffffff"/>')
"""The first path of a drawing: the sheet. A page has its own, on which it can shade the edge of what is scrolled."""
_REFERENCE = re.compile(r'(?:url\(|href=")#([^)"]+)')


@dataclass(frozen=True, slots=True)
class Svg:
    """A drawn figure.

    file     a complete SVG file
    inline   the element alone, to stand in an HTML page: no addresses, and names that no other figure has
    """

    file: str
    inline: str


def draw(figure: Figure) -> Svg:
    """Draw a figure. Raises `ValueError` or `KeyError` where its data do not fit its kind."""
    # Its warnings tell of folders that can not be written and of fonts being listed: no news for a report.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib.style  # only now: see the package

    with matplotlib.style.context(dict(SETTINGS), after_reset=True):
        drawing = drawer(figure.kind)(figure.data)
        buffer = io.StringIO()
        # Every entry None: no date, and no block of foreign addresses.
        drawing.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return _dress(buffer.getvalue(), figure)


def _dress(drawn: str, figure: Figure) -> Svg:
    prefix = f"figure-{figure.id}"
    content = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")]
    used = set(_REFERENCE.findall(content))
    content = _ID.sub(lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", content)
    content = re.sub(r'(url\(|href=")#', rf"\g<1>#{prefix}-", content)
    content = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", content)
    content = re.sub(r"\s*\n\s*", " ", content)
    content = _PATH.sub(lambda found: _MORE_DIGITS.sub(r"\1", found[0]), content)
    # The generator's style rule would hold for the whole page; as attributes it holds for the picture alone.
    content = re.sub(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>", "", content)
    words = (
        f'<title id="{prefix}-title">{escape(figure.caption)}</title>'
        f'<desc id="{prefix}-desc">{escape(figure.alt)}</desc>'
    )
    width, height, box = re.findall(
        r'<svg[^>]* width="([\d.]+)pt" height="([\d.]+)pt" viewBox="([^"]+)"', drawn
    )[0]
    common = (
        f'viewBox="{box}" role="img" aria-labelledby="{prefix}-title" aria-describedby="{prefix}-desc" '
        'stroke-linejoin="round" stroke-linecap="butt"'
    )
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return Svg(
        file=(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg {spaces} width="{width}pt" height="{height}pt" {common}>{words}{content}</svg>\n'
        ),
        inline=f"<svg {common}>{words}{_PAPER.sub('', content, count=1).replace('xlink:href', 'href')}</svg>",
    )
