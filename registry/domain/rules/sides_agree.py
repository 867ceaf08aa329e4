"""Q04: syndrome, imaging, signs, index pain and target volume lie on the same side."""

from collections.abc import Iterator

from registry.domain.case import Case
from registry.domain.forms.form import Form
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.symptoms import Symptoms
from registry.domain.rules.rule import Context, Hit, Rule

OPPOSITE = {"left": "right", "right": "left"}
SIGNS = ("sign_pain_active_flexion", "sign_fixed_flexion", "sign_stretch")


def check(case: Case, context: Context) -> Iterator[Hit]:
    sides: dict[int, str | None] = {episode.episode_no: episode.side for episode in case.all(MpsEpisode)}
    if not sides:
        return
    for record, path, what, episode, side in _stated(case):
        recorded = sides.get(episode) if episode is not None else _only(sides)
        if side is not None and recorded is not None and recorded == OPPOSITE.get(side):
            yield Hit(record, path, {"what": what, "side": side, "episode_side": recorded})


def _stated(case: Case) -> Iterator[tuple[Form, str, str, int | None, str | None]]:
    """Every side that is stated of an episode: record, place in it, words, number of the episode, side."""
    for episode in case.all(MpsEpisode):
        for i, study in enumerate(episode.imaging or ()):
            yield episode, f"imaging/{i}/side", "psoas lesion on imaging", episode.episode_no, study.side
    for findings in case.all(Symptoms):
        if findings.index_pain_site is not None or any(getattr(findings, sign) == "yes" for sign in SIGNS):
            yield findings, "side", "index pain or psoas sign", findings.episode_no, findings.side
    for assessment in case.all(PainAssessment):
        if assessment.index_or_nonindex == "index":
            yield assessment, "site_side", "index pain", assessment.episode_no, assessment.site_side
    for course in case.all(Radiotherapy):
        target = course.target_volume
        if target is not None and (course.index_treatment or course.indication == "mps_index_pain"):
            yield course, "target_volume/side", "target of the radiotherapy", course.episode_no, target.side


def _only(sides: dict[int, str | None]) -> str | None:
    """The side of the case, when all its episodes are on one side."""
    found = set(sides.values())
    return found.pop() if len(found) == 1 else None


RULE = Rule(
    id="Q04",
    version=1,
    severity="query",
    title="All sides agree",
    sentence="The side of the syndrome is the side of the lesion, the signs, the index pain and the "
    "target volume.",
    message="The {what} is recorded on the {side}, the syndrome on the {episode_side}. Correct the "
    "wrong side, or record the syndrome as bilateral. The case stays out of the primary analysis "
    "until this is answered.",
    why="A wrong side attributes the response to the wrong lesion, and may be a treatment of the "
    "wrong side. A midline pain or target contradicts neither side. Registry decision.",
    fields=(
        "mps_episode.side",
        "mps_episode.imaging.side",
        "symptoms.side",
        "symptoms.index_pain_site",
        *(f"symptoms.{sign}" for sign in SIGNS),
        "pain_assessment.index_or_nonindex",
        "pain_assessment.site_side",
        "radiotherapy.target_volume.side",
        "radiotherapy.index_treatment",
        "radiotherapy.indication",
    ),
    good=(
        {
            "mps_episode": [{"side": "left", "imaging": [{"side": "left"}, {"side": "bilateral"}]}],
            "symptoms": [{"side": "left", "sign_stretch": "yes"}, {"side": "right", "sign_stretch": "no"}],
            "pain_assessment": [
                {"assess_date": "2025-03-01", "index_or_nonindex": "index", "site_side": "left"},
                {"assess_date": "2025-03-01", "index_or_nonindex": "nonindex", "site_side": "right"},
            ],
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "target_volume": {"side": "left"}}],
        },
        {"mps_episode": [{"side": "bilateral", "imaging": [{"side": "right"}]}]},
        {
            "mps_episode": [{"side": "left"}],
            "radiotherapy": [{"rt_id": "RT-1", "indication": "other", "target_volume": {"side": "right"}}],
        },
        {"symptoms": [{"side": "right", "sign_stretch": "yes"}]},
    ),
    bad=(
        {"mps_episode": [{"side": "left", "imaging": [{"side": "right"}]}]},
        {"mps_episode": [{"side": "left"}], "symptoms": [{"side": "right", "sign_fixed_flexion": "yes"}]},
        {
            "mps_episode": [{"side": "left"}],
            "radiotherapy": [{"rt_id": "RT-1", "index_treatment": True, "target_volume": {"side": "right"}}],
        },
    ),
    check=check,
    blocking=True,
)
