"""What the figures can not tell, said before somebody else has to."""

from registry.domain.report.document import Block, Paragraph, SectionSpec, Study

LIMITATIONS = (
    (
        "The registry describes patients whom participating hospitals recognised and enrolled. It is not a population "
        "count, and rates of response here are not effects of treatment: there is no control group."
    ),
    (
        "Patients are enrolled some time after the first symptom and had to live until then. Survival from onset "
        "therefore counts each patient from the day of enrolment (delayed entry); survival before anybody is enrolled "
        "cannot be known from these data."
    ),
    (
        "Response needs pain and opioid dose before and after treatment. Those who died or were too ill to answer are "
        "counted as not evaluable and stay in the denominator of the first of the two rates."
    ),
    (
        "Opioid doses are compared by a published conversion table; another table can turn a response into its "
        "contrary. The dependence is reported."
    ),
    (
        "Groups are small. Intervals are wide, differences between groups are not tested, and no interval is adjusted "
        "for the number of reports made before this one."
    ),
    (
        "Dates known to the month or the year enter as the middle of the period; how many is printed with each table "
        "of survival times."
    ),
    "Published cases are printed for comparison only. Who is published responded more often than who is not.",
)


def _build(study: Study) -> tuple[Block, ...]:
    return tuple(Paragraph(words) for words in LIMITATIONS)


SECTION = SectionSpec("limitations", "Limitations", _build)
