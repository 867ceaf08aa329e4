"""A figure as SVG, for a file and for the page."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.render.figures import FIGURES
from registry.render.figures.palette import DARK
from registry.render.figures.svg import draw
from tests.factories_report import FIGURE_DATA, a_figure

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
KINDS = sorted(FIGURES)


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_it_shows(kind: str) -> None:
    figure = a_figure(kind)
    root = ET.fromstring(draw(figure).file)
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == (figure.caption, figure.alt)
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), desc.get("id"))


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_text_and_nothing_tells_the_time_or_the_program(kind: str) -> None:
    drawn = draw(a_figure(kind)).file
    root = ET.fromstring(drawn)
    assert len(list(root.iter(f"{SVG}text"))) > 5
    assert "matplotlib" not in drawn.lower()
    assert not list(root.iter(f"{SVG}metadata"))
    assert not list(root.iter(f"{SVG}style"))
    families = {text.get("style", "").partition("DejaVu Sans', ")[2][:9] for text in root.iter(f"{SVG}text")}
    assert families == {"'Verdana'"}


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_its_own_and_lead_somewhere(kind: str) -> None:
    """Two figures in one page must not take each other's marks and edges."""
    root = ET.fromstring(draw(a_figure(kind, id="mine")).file)
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert all(str(name).startswith("figure-mine-") for name in ids)
    references = {str(element.get(XLINK)).removeprefix("#") for element in root.iter(f"{SVG}use")}
    references |= {
        str(element.get("clip-path")).removeprefix("url(#").removesuffix(")")
        for element in root.iter()
        if element.get("clip-path")
    }
    assert references <= ids


@pytest.mark.parametrize("kind", KINDS)
def test_every_colour_has_a_dark_counterpart(kind: str) -> None:
    root = ET.fromstring(draw(a_figure(kind)).file)
    used = set()
    for element in root.iter():
        for part in element.get("style", "").split(";"):
            name, _, value = part.partition(":")
            if name.strip() in ("fill", "stroke") and not value.strip().startswith(("none", "url")):
                used.add(value.strip())
        # Text without a colour of its own would be black on the dark page.
        if element.tag == f"{SVG}text":
            assert "fill:" in element.get("style", "")
    assert used <= set(DARK)


@pytest.mark.parametrize("kind", KINDS)
def test_the_inline_picture_has_no_addresses(kind: str) -> None:
    inline = draw(a_figure(kind)).inline
    assert inline.startswith("<svg viewBox=")
    assert "://" not in inline
    assert "xlink" not in inline
    assert "xmlns" not in inline


@given(words=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
@settings(max_examples=20, deadline=None)
def test_any_words_are_kept(words: str) -> None:
    root = ET.fromstring(draw(a_figure("bars", caption=words, alt=words)).file)
    assert root.findtext(f"{SVG}title") == root.findtext(f"{SVG}desc") == words


def test_a_dollar_sign_is_no_formula() -> None:
    data = {**FIGURE_DATA["bars"], "bars": [{"label": "$x$ <&>", "n": 1, "counts": [1, 0, 0, 0, 0, 0]}]}
    root = ET.fromstring(draw(a_figure("bars", data=data)).file)
    assert "$x$ <&>" in {text.text for text in root.iter(f"{SVG}text")}


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="no figure of kind 'pie'"):
        draw(replace(a_figure("bars"), kind="pie"))
