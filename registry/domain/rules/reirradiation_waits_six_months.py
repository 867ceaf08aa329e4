"""W04: less than six months between two courses of radiotherapy to overlapping volumes."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.dates import DAYS_PER_MONTH
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.rules.rule import Context, Hit, Rule


def check(case: Case, context: Context) -> Iterator[Hit]:
    courses = case.all(Radiotherapy)
    limit = context.limits.reirradiation_mo
    for course in courses:
        if course.prior_rt_overlap in (None, "none"):
            continue
        since = course.since_prior_rt
        if since is not None and since.relation != "more_than":
            elapsed = since.days / DAYS_PER_MONTH
        elif course.start is not None:
            ends = [
                earlier.end
                for earlier in courses
                if earlier.end is not None and earlier is not course and earlier.end.hi < course.start.lo
            ]
            if not ends:
                continue
            elapsed = min((course.start.hi - end.lo).days for end in ends) / DAYS_PER_MONTH
        else:
            continue
        if 0 <= elapsed < limit:
            values = {"months": round(elapsed, 1), "limit": f"{limit:g}", "overlap": course.prior_rt_overlap}
            yield Hit(course, "prior_rt_overlap", values)


RULE = Rule(
    id="W04",
    version=1,
    severity="note",
    title="Re-irradiation waits six months",
    sentence="Between two courses of radiotherapy to overlapping volumes lie at least six months.",
    message="Only {months} months, less than {limit}, lie between this course and earlier "
    "radiotherapy (overlap: {overlap}). Nothing need be done; cumulative doses to organs at risk are "
    "of interest.",
    why="Short intervals leave late tissue little time to recover; the report shows them apart. From "
    "memory, check before the statistical analysis plan is frozen.",
    fields=(
        "radiotherapy.prior_rt_overlap",
        "radiotherapy.since_prior_rt",
        "radiotherapy.start",
        "radiotherapy.end",
    ),
    good=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "end": "2023-01-20"},
                {"rt_id": "RT-2", "start": "2025-03-03", "prior_rt_overlap": "adjacent"},
            ]
        },
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "end": "2025-01-20"},
                {"rt_id": "RT-2", "start": "2025-03-03", "prior_rt_overlap": "none"},
            ]
        },
    ),
    bad=(
        {
            "radiotherapy": [
                {"rt_id": "RT-1", "end": "2025-01-20"},
                {"rt_id": "RT-2", "start": "2025-03-03", "prior_rt_overlap": "partial"},
            ]
        },
        {
            "radiotherapy": [
                {
                    "rt_id": "RT-2",
                    "prior_rt_overlap": "full",
                    "since_prior_rt": {"value": 3, "unit": "mo", "origin": "treatment_end"},
                }
            ]
        },
    ),
    check=check,
)
