"""Reports from building to publishing: the same bytes again, what is final stays so, and why two of them differ."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import orjson
import pytest
from structlog.testing import capture_logs

from registry.domain.simulation import simulate
from registry.errors import Conflict, WrongUsage
from registry.pipeline import report_diff, report_life
from registry.pipeline.chunk import run_chunk
from registry.pipeline.intake import receive_one
from registry.pipeline.receipt import receipt
from registry.pipeline.report import build
from registry.pipeline.seal import seal
from registry.pipeline.sites import add_site, the_site
from registry.store import reports

END = date(2026, 1, 1)


def send(registry, envelopes):
    """Send envelopes of the site SIM01 and decide them; all must be accepted."""
    with registry.work() as work:
        site_id = the_site(work, "SIM01").id
        ids = [
            receive_one(
                work,
                registry.settings,
                site_id=site_id,
                body=orjson.dumps(one),
                correlation_id="test",
                idempotency_key=None,
            )
            for one in envelopes
        ]
        work.rings.clear()
    run_chunk(registry.work, registry.settings, ids)
    with registry.work() as work:
        assert {receipt(work, one, None)["state"] for one in ids} == {"accepted"}


def make(registry, audience="staff", **when):
    with registry.work() as work:
        report, new = build(work, registry.settings, audience=audience, trigger="test", **when)
        return report.number, new


@pytest.fixture
def cohort(registry):
    """Twenty simulated patients, as (case, envelopes)."""
    with registry.work() as work:
        add_site(work, "SIM01", "Simulated", country=None, timezone="UTC", actor="test")
    found = {}
    for one in simulate(20, 1, 3, END):
        if one.expected == "accepted":
            found.setdefault(one.envelope["case"], []).append(one.envelope)
    return found


def first(cohort, count):
    return [envelope for case in sorted(cohort)[:count] for envelope in cohort[case]]


def test_unchanged_input_is_not_built_again(registry, cohort):
    send(registry, first(cohort, 4))

    assert make(registry) == (1, True)
    assert make(registry) == (1, False)


def test_rows_stored_by_another_release_are_made_anew_and_told_of(registry, cohort, rows):
    send(registry, first(cohort, 4))
    made = make(registry)

    assert rows("""UPDATE "case" SET analysis = '[1]'::json WHERE id % 2 = 0 RETURNING id""")
    rows("""UPDATE "case" SET analysis = '{"analysis_version": 1}'::json WHERE id % 2 = 1 RETURNING id""")
    with capture_logs() as logs:
        assert make(registry) == (made[0], False)  # the same rows, so the same report
    (told,) = (one for one in logs if one["event"] == "analysis_rows_of_another_release")
    assert (told["cases"], told["remedy"].split(" makes")[0]) == (4, "mps derive --all")


def test_who_ask_at_the_same_moment_get_the_same_report(registry, cohort):
    send(registry, first(cohort, 4))
    together = Barrier(3)

    def ask(_):
        together.wait(timeout=30)
        return make(registry)

    with ThreadPoolExecutor(3) as people:
        assert sorted(people.map(ask, range(3))) == [(1, False), (1, False), (1, True)]

    send(registry, cohort[sorted(cohort)[5]])
    number, new = make(registry)
    assert new
    assert number != 1


def test_built_again_it_is_the_same_to_the_byte(registry, cohort):
    send(registry, first(cohort, 4))
    number, _ = make(registry)
    send(registry, first(cohort, 8))

    with registry.work() as work:
        assert report_life.verify(work, registry.settings, report_life.the_report(work, number)) == []


def test_a_changed_file_is_noticed(registry, cohort):
    send(registry, first(cohort, 4))
    number, _ = make(registry)
    with registry.work() as work:
        report = report_life.the_report(work, number)
        file = reports.file(work.session, report.id, "report.html")
        file.content = file.content.replace(b"Malignant", b"Benign")
        work.session.add(file)

    with registry.work() as work:
        differences = report_life.verify(work, registry.settings, report_life.the_report(work, number))

    assert differences == ["report.html: the stored file does not match its checksum"]


def test_an_earlier_as_of_gives_the_earlier_figures(registry, cohort):
    send(registry, first(cohort, 4))
    with registry.work() as work:
        then = work.now()
    early, _ = make(registry, cutoff=END, as_of=then)
    send(registry, first(cohort, 9))

    again, new = make(registry, cutoff=END, as_of=then)

    assert (again, new) == (early, False)


def test_an_earlier_as_of_gives_the_earlier_bytes(registry, cohort):
    send(registry, first(cohort, 4))
    seal_all(registry)
    early, _ = make(registry)
    with registry.work() as work:
        report = report_life.the_report(work, early)
        cutoff, then = report.cutoff, report.as_of
        files = {file.name: file.sha256 for file in reports.files(work.session, report.id)}
    send(registry, first(cohort, 9))
    seal_all(registry)
    make(registry)

    again, _ = make(registry, cutoff=cutoff, as_of=then)

    assert again != early
    with registry.work() as work:
        report = report_life.the_report(work, again)
        assert {file.name: file.sha256 for file in reports.files(work.session, report.id)} == files


def seal_all(registry):
    with registry.work() as work:
        seal(work)


def test_life(registry, cohort):
    send(registry, first(cohort, 12))
    number, _ = make(registry, "public")

    with registry.work() as work, pytest.raises(Conflict, match="cannot be moved"):
        report_life.publish(work, registry.settings, report_life.the_report(work, number), actor="test")
    with registry.work() as work:
        report_life.lock(work, report_life.the_report(work, number), actor="test", why="checked")
        report_life.publish(work, registry.settings, report_life.the_report(work, number), actor="test")
    with registry.work() as work:
        report = report_life.the_report(work, number)
        assert report.state == "published"
        assert [one["action"] for one in report.history] == ["lock", "publish"]


def published(registry, number):
    with registry.work() as work:
        report_life.lock(work, report_life.the_report(work, number), actor="test", why="checked")
    with registry.work() as work:
        report_life.publish(work, registry.settings, report_life.the_report(work, number), actor="test")


def test_too_few_new_patients_are_not_published(registry, cohort):
    send(registry, first(cohort, 12))
    published(registry, make(registry, "public")[0])
    send(registry, first(cohort, 14))
    two, _ = make(registry, "public")

    with pytest.raises(Conflict, match="patients are new"):
        published(registry, two)


def test_a_report_is_protected_beside_those_published_before_and_no_other(registry, cohort):
    send(registry, first(cohort, 12))
    one, _ = make(registry, "public")
    send(registry, first(cohort, 26))
    meanwhile, _ = make(registry, "public")
    published(registry, one)
    assert make(registry, "public")[0] not in (one, meanwhile)
    with pytest.raises(Conflict, match="build it anew"):
        published(registry, meanwhile)


def test_what_was_published_is_not_built_again(registry, cohort):
    send(registry, first(cohort, 12))
    one, _ = make(registry, "public")
    published(registry, one)
    assert make(registry, "public") == (one, False)


def test_staff_editions_are_not_published(registry, cohort):
    send(registry, first(cohort, 2))
    number, _ = make(registry)
    with registry.work() as work, pytest.raises(WrongUsage):
        report_life.publish(work, registry.settings, report_life.the_report(work, number), actor="test")


def test_differences_are_attributed_and_add_up(registry, cohort):
    names = sorted(cohort)
    send(registry, first(cohort, 8))
    one, _ = make(registry)
    send(registry, cohort[names[8]])
    name = next(n for n in names[:8] if any("radiotherapy" in e["forms"] for e in cohort[n]))
    course = next(r for e in cohort[name] for r in e["forms"].get("radiotherapy", ()))
    error = {"radiotherapy": [{"rt_id": course["rt_id"], "retracted": "entered for the wrong patient"}]}
    send(registry, [{"case": name, "recorded_at": "2025-12-31T10:00:00+00:00", "forms": error}])
    two, _ = make(registry)

    with registry.work() as work:
        before, after = (report_life.thaw(work, report_life.the_report(work, n)) for n in (one, two))
    found = report_diff.changes(before, after)

    causes = report_diff.counts(before, after)
    assert causes["added"] == 1
    assert causes["corrected"] == 1
    assert found
    for change in found:
        assert sum(change.shares.values()) == pytest.approx((change.after or 0) - (change.before or 0))
