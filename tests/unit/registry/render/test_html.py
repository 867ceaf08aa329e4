"""The page: well formed, self-contained, and to be used with a keyboard, a screen reader or a printer."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from registry.domain.report.document import Cell, Document, Paragraph, Row, Section
from registry.render.figures.palette import DARK, PAPER
from registry.render.files import render
from registry.render.html import numeric_columns
from tests.factories_report import FIGURE_DATA, a_document, a_figure, a_table, of_blocks

VOID = {"meta", "br", "hr", "img", "input", "link", "path", "use", "rect"}


class Walk(HTMLParser):
    """Every element with its attributes, its ancestors and its text; fails where tags do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[int] = []
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == [], [self.elements[index][0] for index in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"<{tag}> has an attribute twice"
        self.elements.append((tag, dict(attrs), tuple(self.elements[index][0] for index in self.open)))
        self.texts.append("")
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.elements[index][0] for index in self.open)))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        index = self.open.pop()
        assert self.elements[index][0] == tag, f"</{tag}> closes <{self.elements[index][0]}>"

    def handle_data(self, data: str) -> None:
        for index in self.open:
            self.texts[index] += data

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """Attributes and text of every element of this name."""
        return [
            (attributes, " ".join(text.split()))
            for (name, attributes, _), text in zip(self.elements, self.texts, strict=True)
            if name == tag
        ]


def page_of(document: Document) -> str:
    return render(document)[0].content.decode()


@pytest.fixture(scope="module")
def page() -> str:
    """A report with every kind of block and figure."""
    figures = tuple(a_figure(kind) for kind in FIGURE_DATA)
    words = (
        Paragraph("Median survival: 7.4 months (95 % CI 5.6 to 9.1)", "key"),
        Paragraph("Few patients.", "warning"),
    )
    return page_of(
        a_document(
            Section("one", "First <section> & more", (*words, a_table())),
            Section("two", "Second", figures),
            audience="staff",
        )
    )


@pytest.fixture(scope="module")
def walk(page: str) -> Walk:
    return Walk(page)


def test_it_is_one_page_that_loads_and_runs_nothing(page: str, walk: Walk) -> None:
    assert page.startswith("<!doctype html>")
    assert "://" not in page
    assert "@import" not in page
    names = Counter(tag for tag, _, _ in walk.elements)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form"} & set(names)
    assert names["h1"] == names["main"] == names["nav"] == names["header"] == names["footer"] == 1
    for tag, attributes, _ in walk.elements:
        assert not any(name.startswith("on") for name in attributes), tag
        for name in ("href", "src", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
        assert "url(" not in (attributes.get("style") or "").replace("url(#", "")


def test_ids_are_unique_and_references_lead_somewhere(page: str, walk: Walk) -> None:
    ids = [attributes["id"] for _, attributes, _ in walk.elements if attributes.get("id")]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    for _, attributes, _ in walk.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
        if attributes.get("href"):
            assert str(attributes["href"]).removeprefix("#") in ids
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_language_skip_link_and_contents(walk: Walk) -> None:
    assert walk.all("html")[0][0]["lang"] == "en"
    links = [(attributes["href"], text) for attributes, text in walk.all("a")]
    assert links == [
        ("#main", "Skip to the report"),
        ("#section-one", "First <section> & more"),
        ("#section-two", "Second"),
    ]


def test_every_table_has_a_caption_and_heads_with_a_scope(walk: Walk) -> None:
    tables = len(walk.all("table"))
    assert tables == 1 + len(FIGURE_DATA)
    assert len([text for _, text in walk.all("caption") if text]) == tables
    heads = walk.all("th")
    assert {attributes.get("scope") for attributes, _ in heads} == {"col", "row", "rowgroup"}
    assert len([1 for attributes, _ in heads if attributes["scope"] == "col"]) == 3 * tables


def test_every_figure_is_named_and_described(walk: Walk) -> None:
    pictures = walk.all("svg")
    assert len(pictures) == len(FIGURE_DATA)
    descriptions = dict(zip(FIGURE_DATA, [text for _, text in walk.all("desc")], strict=True))
    for kind, (attributes, _) in zip(FIGURE_DATA, pictures, strict=True):
        assert attributes["role"] == "img"
        assert descriptions[kind] == a_figure(kind).alt
    assert next(text for _, text in walk.all("figcaption")) == "An example of survival <drawn & labelled>"


def test_what_scrolls_can_be_reached_with_the_keyboard(walk: Walk) -> None:
    scrolls = [
        attributes for attributes, _ in walk.all("div") if "scroll" in (attributes.get("class") or "").split()
    ]
    assert len(scrolls) == 1 + 2 * len(FIGURE_DATA)
    assert all(
        attributes.get("tabindex") == "0" and attributes.get("aria-labelledby") for attributes in scrolls
    )


def test_every_figure_has_its_words_and_numbers_to_unfold(walk: Walk) -> None:
    for kind, (_, text) in zip(FIGURE_DATA, walk.all("details"), strict=True):
        assert a_figure(kind).alt in text
        assert "The numbers of the figure" in text


def test_the_number_of_a_caption_is_set_off_and_none_is_made_up() -> None:
    tables = (a_table(caption="Table 4. Response"), a_table(id="other", caption="Table of contents. Or so"))
    walk = Walk(page_of(of_blocks(*tables, a_figure("bars", caption="Figure 2. Bars", table=None))))
    assert [text for _, text in walk.all("caption")] == ["Table 4. Response", "Table of contents. Or so"]
    assert [text for _, text in walk.all("figcaption")] == ["Figure 2. Bars"]
    assert [text for _, text in walk.all("b")] == ["Table 4.", "Figure 2."]


def test_a_hidden_cell_is_marked_and_explained_once() -> None:
    walk = Walk(page_of(of_blocks(a_table())))
    assert [text for attributes, text in walk.all("span") if attributes.get("class") == "hidden"] == [
        "suppressed"
    ]
    notes = [text for attributes, text in walk.all("p") if attributes.get("class") == "note"]
    assert notes == [
        "Not evaluable counts as no response.",
        "suppressed: 1 to 4, or would tell such a number.",
    ]


def test_key_figures_that_follow_each_other_are_one_strip() -> None:
    keys = [Paragraph(f"What {index}: {index} %", "key") for index in range(3)]
    walk = Walk(page_of(of_blocks(keys[0], keys[1], Paragraph("Between."), keys[2])))
    strips = [text for attributes, text in walk.all("dl") if attributes.get("class") == "keys"]
    assert [re.findall(r"What \d", strip) for strip in strips] == [["What 0", "What 1"], ["What 2"]]


def test_key_figures_too_long_for_a_card_are_sentences() -> None:
    long = Paragraph(
        "Response: 12/37 = 32 % (18–50 %) of all, 12/20 = 60 % (36–81 %) of those assessed.", "key"
    )
    walk = Walk(page_of(of_blocks(Paragraph("Sites: 7", "key"), long)))
    assert not [1 for attributes, _ in walk.all("dl") if attributes.get("class") == "keys"]
    [(_, first), (_, second)] = [found for found in walk.all("li") if found[1][:3] in ("Sit", "Res")][-2:]
    assert first == "Sites 7"
    assert second == "Response 12/37 = 32 % (18–50 %) of all, 12/20 = 60 % (36–81 %) of those assessed"


def test_a_warning_says_so_in_words() -> None:
    [(attributes, text)] = [
        found
        for found in Walk(page_of(of_blocks(Paragraph("Few.", "warning")))).all("p")
        if found[0].get("role")
    ]
    assert (attributes["role"], text) == ("note", "Caution. Few.")


def test_texts_can_not_become_markup() -> None:
    nasty = '</style></title><script>alert("x")</script>{{ 7 * 7 }}'
    page = page_of(
        a_document(
            Section(
                "s",
                nasty,
                (Paragraph(nasty), a_table(caption=nasty), a_figure("bars", caption=nasty, alt=nasty)),
            ),
            title=nasty,
            versions={nasty: nasty},
        )
    )
    walk = Walk(page)
    assert "<script" not in page
    assert not walk.all("script")
    assert walk.all("h1") == [({}, nasty)]


def test_columns_of_figures_are_set_from_the_right() -> None:
    rows = (
        Row(
            "a",
            (
                Cell("12 (32 %)"),
                Cell("Kyoto"),
                Cell("not reached"),
                Cell("7 of 12 died, followed for 31 to 410 days"),
            ),
        ),
        Row("b", (Cell(""), Cell("Osaka"), Cell("< 5"), Cell("2 of 4 died, followed for 8 to 91 days"))),
    )
    assert numeric_columns(a_table(columns=("n", "site", "median", "words"), rows=rows)) == (
        True,
        False,
        True,
        False,
    )


def test_a_wide_table_and_its_heading_are_printed_sideways() -> None:
    wide = a_table(columns=tuple("abcdefgh"), rows=(Row("r", (Cell("1"),) * 8),))
    assert '<section id="section-results" class="sideways"' in page_of(of_blocks(wide))
    assert 'class="sideways"' not in page_of(of_blocks(a_table(id="narrow"), wide))


def test_a_table_of_many_words_is_printed_sideways_too() -> None:
    words = a_table(columns=tuple("abcde"), rows=(Row("r", (Cell("in words"),) * 5),))
    assert 'class="sheet wide wordy"' in page_of(of_blocks(words))


def test_heads_without_words_are_left_out() -> None:
    bare = a_table(corner="", columns=("",), rows=(Row("Design", (Cell("prospective"),)),))
    walk = Walk(page_of(of_blocks(bare)))
    assert not walk.all("thead")
    assert [attributes["scope"] for attributes, _ in walk.all("th")] == ["row"]


def test_an_interval_is_not_broken_between_lines() -> None:
    table = a_table(columns=("rate",), rows=(Row("r", (Cell("12/37 = 32 % (18–50 %) <b>"),)),))
    assert '12/37 = 32\u00a0% <wbr><span class="whole">(18–50\u00a0%)</span> &lt;b&gt;' in page_of(
        of_blocks(table)
    )


def test_a_percent_sign_stays_with_its_number() -> None:
    assert "32\u00a0%" in page_of(of_blocks(Paragraph("That is 32 % of all.")))


def test_a_report_without_a_number_yet_has_none() -> None:
    assert "No. " not in page_of(of_blocks(number=None))


def test_the_sheet_under_a_figure_has_the_paper_of_its_drawing_by_day_and_by_night() -> None:
    page = page_of(of_blocks())
    for paper in (PAPER, DARK[PAPER]):
        assert f"--card: {paper}" in page
    assert ".picture > .scroll { --sheet: var(--card) }" in page
