"""Records of an older dictionary stay readable: each step lifts them into the words of the next."""

import pytest

from registry.domain.dictionary_versions import Migration, lifted, versions_taken
from registry.domain.forms import DICTIONARY_VERSION, FORMS_BY_NAME


def rename(form, content):
    if form != "pain_assessment":
        return content
    return {("nrs_worst" if name == "worst" else name): value for name, value in content.items()}


def split(form, content):
    if form != "pain_assessment" or "where" not in content:
        return content
    kept = {name: value for name, value in content.items() if name != "where"}
    side, kind = content["where"].split()
    return kept | {"site_side": side, "index_or_nonindex": kind}


STEPS = (Migration("0.8", "0.9", rename), Migration("0.9", DICTIONARY_VERSION, split))


def test_present_content_is_left_alone():
    content = {"nrs_worst": 3}
    assert lifted("pain_assessment", content, DICTIONARY_VERSION, STEPS) is content


@pytest.mark.parametrize(
    ("version", "content"),
    [
        ("0.8", {"assess_date": "2025-03", "worst": 7, "where": "left index"}),
        ("0.9", {"assess_date": "2025-03", "nrs_worst": 7, "where": "left index"}),
    ],
)
def test_old_content_becomes_readable(version, content):
    record = FORMS_BY_NAME["pain_assessment"].model_validate(
        lifted("pain_assessment", content, version, STEPS)
    )

    assert record.nrs_worst == 7
    assert record.site_side == "left"


def test_versions_are_told():
    assert versions_taken(STEPS) == ("0.8", "0.9", DICTIONARY_VERSION)
    assert versions_taken()[-1] == DICTIONARY_VERSION


def test_a_version_that_never_was_is_an_error():
    with pytest.raises(LookupError):
        lifted("patient", {}, "7.7", STEPS)
