"""What holds of the report of any study: it can be built, its flow adds up, and the public learns of no few."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.disclosure import protect
from registry.domain.disclosure.audit import Audit
from registry.domain.disclosure.quantities import cells_of, collect
from registry.domain.disclosure.readers import readers
from registry.domain.disclosure.suppress import to_hide
from registry.domain.report.assemble import assemble
from registry.domain.report.document import Study
from registry.domain.report.flow import steps, unequal
from registry.render.soundness import examine
from tests.factories_analysis import a_response, a_row, a_study, a_time, a_window, untreated

REASONS = ("died_before_window", "missed", "pending", "missing_omedd", "withdrew")


@st.composite
def windows(draw: st.DrawFn):
    category = draw(st.sampled_from(("CR", "PR", "IR", "PP", None)))
    return a_window(category, None if category else draw(st.sampled_from(REASONS)))


@st.composite
def rows(draw: st.DrawFn):
    exit_day = draw(st.integers(1, 600))
    event = draw(st.integers(0, 1))
    entry = draw(st.none() | st.integers(1, 90))
    told = {
        "source_type": draw(st.sampled_from(("prospective",) * 9 + ("literature",))),
        "mps_class": draw(st.sampled_from(("definite",) * 3 + ("probable", "not_mps"))),
        "sex": draw(st.sampled_from(("female", "male", None))),
        "ecog": draw(st.none() | st.integers(0, 4)),
        "site_group": draw(st.sampled_from(("female_genital", "urinary", "lung"))),
        "withdrawal": draw(st.sampled_from((None,) * 9 + ("erase",))),
        "os_onset": a_time(exit_day, event, entry),
    }
    told["enrolled"] = told["source_type"] == "prospective"
    if draw(st.integers(0, 3)) == 0:
        return untreated(**told)
    window = draw(windows())
    response = a_response(window.category, window.reason, M1=draw(windows()), M3=draw(windows()))
    return a_row(**told, response_radiotherapy=response, os_treatment=a_time(exit_day, event, None))


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Up to 60 patients at three sites; copies of a few make groups of every size."""
    made = [row for row in draw(st.lists(rows(), max_size=6)) for _ in range(draw(st.integers(1, 10)))]
    sites = tuple(draw(st.sampled_from("AAABBC")) for _ in made)
    return a_study(*made, sites=sites, audience="public", threshold=draw(st.sampled_from((5, 11))))


@settings(max_examples=25, deadline=None)
@given(studies())
def test_the_public_learns_of_no_few(study: Study) -> None:
    made = protect(assemble(study, ""), study.threshold)
    examine(made)
    for section in made.sections:
        for block in section.blocks:
            for cell in cells_of(block):
                told = [cell.count, cell.of]
                if cell.count is not None and cell.of is not None:
                    told.append(cell.of - cell.count)
                assert not any(n and n < study.threshold for n in told)
    assert protect(made, study.threshold) == made


@settings(max_examples=15, deadline=None)
@given(studies())
def test_no_few_can_be_worked_out(study: Study) -> None:
    document = assemble(study, "")
    quantities = collect(document, study.threshold)
    everyone = readers(quantities, study.threshold, insiders=document.insiders)
    hidden = to_hide(quantities, everyone, study.threshold)
    audit = Audit(quantities, everyone, study.threshold)
    shown = set(range(len(quantities.values))) - hidden
    for number in audit.narrow(hidden, audit.secrets):
        near = {number}
        while (
            more := {
                n for r in quantities.relations if near & {r.total, *r.parts} for n in (r.total, *r.parts)
            }
            - near
        ):
            near |= more
        assert not near & shown


@given(studies())
@settings(max_examples=50, deadline=None)
def test_the_flow_adds_up(study: Study) -> None:
    assert list(unequal(steps(study))) == []
