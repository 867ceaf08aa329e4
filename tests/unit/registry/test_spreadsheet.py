"""No text of an export is a formula, and every text can be had back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.spreadsheet import plain, safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "-",
        "+44 1",
        "-2 (-4 to 1)",
        "+-1",
        "\n=1",
        "＝1+1",
        "＠SUM(A1)",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "-3", "+1.5", "-1e-3", "C18.7", "−2 (−4 to 1)", "12 (32 %)", "'quoted'", "a=b", "5'"]
)
def test_other_texts_stay(text: str) -> None:
    assert safe(text) == text


@given(st.text(alphabet="'=+-@＝\t\r\n1.ea") | st.text())
def test_every_text_comes_back(text: str) -> None:
    assert plain(safe(text)) == text
