from registry.domain.report.document import Table
from registry.domain.report.sensitivity import SECTION, response_rows, survival_rows
from tests.factories_analysis import a_response, a_row, a_study, a_time, a_window, told_to_the_public


def responses(*windows, **more) -> dict[str, list[str]]:
    rows = [a_row(response_radiotherapy=a_response("PR", M2=window, **more)) for window in windows]
    return {row.head: [cell.text for cell in row.cells] for row in response_rows(a_study(*rows))}


def test_the_living_without_an_answer_are_bounded_and_the_dead_are_not() -> None:
    found = responses(a_window("PR"), a_window(None, "missed"), a_window(None, "died_before_window"))
    assert found["Primary"] == ["1/3 = 33 % (1–91 %)", "1/1 = 100 % (3–100 %)"]
    assert found["Best case: the living without an answer responded"][0].startswith("2/3")
    assert found["Worst case: they did not"][0].startswith("1/3")


def test_the_best_case_tells_who_is_neither_dead_nor_bounded() -> None:
    """All treated less the best case, those who did not respond and the dead: irradiated again, or withdrawn."""
    reasons = {"missed": 6, "died_before_window": 6, "reirradiated_before_window": 2}
    windows = [("PR", None)] * 6 + [("IR", None)] * 6
    windows += [(None, reason) for reason, patients in reasons.items() for _ in range(patients)]
    rows = [a_row(response_radiotherapy=a_response(*window)) for window in windows]
    study = a_study(*rows, audience="public")
    table = told_to_the_public(study, SECTION)[0]
    assert isinstance(table, Table)
    told = {row.head: row.cells[0].text for row in table.rows}
    assert told["Best case: the living without an answer responded"] == "suppressed"
    assert told["Primary"].startswith("6/26")


def test_words_with_less_opioid_count_only_here() -> None:
    found = responses(a_window(None, "missing_nrs"), assisted="PR_assisted")
    assert found["Primary"][0].startswith("0/1")
    assert found["Told in words with an opioid cut by a quarter counts"][0].startswith("1/1")


def test_other_readings_of_the_same_answers() -> None:
    found = responses(
        a_window("IR", pain_only="PR", integrated=True, pragmatic="PP"), a_window("PR", confounded=True)
    )
    assert found["Primary"][0].startswith("1/2")
    assert found["Pain alone, whatever the opioid"][0].startswith("2/2")
    assert found["Older integrated definition"][0].startswith("2/2")
    assert found["Without responses another treatment may explain"][0].startswith("0/1")
    assert found["Progression by the letter"][0].startswith("0/2")
    assert found["Progression, both worse counted"][0].startswith("1/2")


def test_readings_of_survival() -> None:
    rows = [a_row(os_onset=a_time(150 + n, entry=20)) for n in range(20)]
    rows += [
        a_row(os_onset=a_time(300, flags=("wide_bounds",))),
        a_row(open_blocking=("Q20",), mps_class="probable"),
    ]
    found = {row.head: [cell.text for cell in row.cells] for row in survival_rows(a_study(*rows))}
    assert found["Primary"][0] == "20"
    assert found["With vague dates"][0] == "21"
    assert found["With patients about whom a blocking question is open"][0] == "21"
    assert found["Definite diagnosis only"][0] == "20"
    naive = found["Naive: enrolment ignored (biased upwards)"]
    assert naive[2:4] == found["Primary"][2:4]  # nobody left before the last was enrolled: nothing to gain
