"""Key figures are taken apart where they are written for it, and left whole where not."""

import pytest

from registry.render.key_figures import KeyFigure, key_figure, strip_of


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        (
            "Median: 7 months (95 % CI 5 to 9; n = 62)",
            KeyFigure("Median", "7 months", "95 % CI 5 to 9; n = 62"),
        ),
        ("Sites: 7", KeyFigure("Sites", "7", "")),
        ("Response at month 2: 44 %.", KeyFigure("Response at month 2", "44 %", "")),
        ("No patient was enrolled.", KeyFigure("", "No patient was enrolled.", "")),
        ("Alive: 3 (1) of 4 (2).", KeyFigure("Alive", "3 (1) of 4", "2")),
    ],
)
def test_the_three_parts(text: str, figure: KeyFigure) -> None:
    assert key_figure(text) == figure


def test_nothing_is_lost() -> None:
    assert key_figure("Alive: 3 (1) of 4 (2).").said == "3 (1) of 4 (2)"
    assert key_figure("Sites: 7").said == "7"


def test_cards_only_where_all_are_short() -> None:
    assert strip_of(["Sites: 7", "Median: 7.4 months (5 to 9)"]).cards
    assert not strip_of(["Sites: 7", "Nobody was enrolled."]).cards
    assert not strip_of(
        ["Sites: 7", "Response: 12/37 = 32 % (18–50 %) of all, 12/20 of those assessed."]
    ).cards
