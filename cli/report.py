"""mps report: the aggregated reports."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.local import JsonOption, local_registry
from cli.profiles import Agreement, ProfileOption, RoundDoses, SharedAs
from cli.report_files import flag_of, write_files, write_own_view
from cli.report_runs import list_runs
from registry.domain.report.document import Audience
from registry.errors import WrongUsage
from registry.formats.outgoing import FORMATS, outgoing
from registry.pipeline import attachments, report_diff, report_life
from registry.pipeline.report import AUDIENCES
from registry.pipeline.report import build as build_report
from registry.render.pdf import to_pdf
from registry.store import reports, withdrawals

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The aggregated reports.")

OutOption = Annotated[Path | None, typer.Option("--out", help="Folder to write the files to.")]
Number = Annotated[int, typer.Argument(help="Number of the report, as `mps report list` shows it.")]


@app.command()
def build(
    audience: Annotated[str, typer.Option(help="public (with disclosure control) or staff.")] = "public",
    cutoff: Annotated[datetime | None, typer.Option(help="Clinical data up to this day.")] = None,
    as_of: Annotated[datetime | None, typer.Option(help="What the registry knew at this time (UTC).")] = None,
    attach: Annotated[
        list[str] | None,
        typer.Option(help=f"Also attach the cases in a format, to a staff report: {', '.join(FORMATS)}."),
    ] = None,
    out: OutOption = None,
) -> None:
    """Build a report of what is accepted; one whose input did not change is not built again.

    Example: mps report build --out report
    """
    with local_registry() as here:
        for format_name in attach or ():
            here.require(f"mps export {outgoing(format_name).name}")
        with here.work() as work, output.doing() as tell:
            report, new = build_report(
                work,
                here.settings,
                audience=_audience(audience),
                trigger=here.actor,
                cutoff=cutoff.date() if cutoff else None,
                as_of=as_of.replace(tzinfo=UTC) if as_of else None,
                tell=tell,
            )
        assert report.number is not None
        for format_name in attach or ():
            attachments.attach(
                here.work, here.settings, report.number, format_name=format_name, actor=here.actor
            )
        with here.work() as work:
            written = write_files(work, report, out) if out else None
    state = "built" if new else "unchanged since it was built: nothing in its input differs"
    output.say(f"report {report.number} ({report.audience}, {report.cases} cases): {state}")
    if written:
        output.say(f"open {written}")


@app.command("list")
def list_reports(json: JsonOption = False) -> None:
    """List the reports, newest first."""
    with local_registry() as here, here.work() as work:
        flags = withdrawals.of_reports(work.session)
        rows = [
            report.model_dump(mode="json") | {"withdrawn_since": sum(flags.get(report.id, {}).values())}
            for report in reports.every(work.session)
        ]
    columns = ("number", "audience", "cutoff", "cases", "state", "withdrawn_since", "trigger", "built_at")
    output.listing(
        {"reports": rows}, rows, columns, json=json, empty="no reports; `mps report build` makes one"
    )


app.command("runs")(list_runs)


@app.command()
def show(number: Number, out: OutOption = None, json: JsonOption = False) -> None:
    """Show what a report is a function of and its files; --out writes them."""
    with local_registry() as here, here.work() as work:
        report = report_life.the_report(work, number)
        files = [
            {"name": f.name, "bytes": len(f.content), "sha256": f.sha256}
            for f in reports.files(work.session, report.id)
        ]
        attached = [
            {"name": a.name, "bytes": len(a.content), "sha256": a.sha256, "snapshot": a.facts["snapshot"]}
            for a in reports.attachments(work.session, report.id)
        ]
        withdrawn = withdrawals.of_reports(work.session, report.id).get(report.id, {})
        written = write_files(work, report, out) if out else None
    found = report.model_dump(mode="json") | {
        "withdrawn_since": withdrawn,
        "files": files,
        "attachments": attached,
    }
    if json:
        output.as_json(found)
        return
    for name in ("number", "audience", "cutoff", "as_of", "cases", "state", "trigger", "input_hash"):
        output.say(f"{name:11} {found[name]}")
    if withdrawn:
        output.say(flag_of(report, withdrawn))
    output.table(
        [{"what": k, "version": v} for k, v in report.versions.items()], ("what", "version"), empty=""
    )
    output.table(files, ("name", "bytes", "sha256"), empty="no files")
    if attached:
        output.table(attached, ("name", "bytes", "sha256", "snapshot"), empty="")
    if written:
        output.say(f"open {written}")


@app.command("attach")
def attach_export(
    number: Number,
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")],
    profile: SharedAs = ProfileOption.internal,
    agreement: Agreement = None,
    round_doses: RoundDoses = False,
) -> None:
    """Attach the cases of a staff report in a format, with the checksum and the snapshot they came from.

    Example: mps report attach 12 adam
    """
    with local_registry() as here:
        here.require(f"mps export {outgoing(format_name).name}")
        made = attachments.attach(
            here.work,
            here.settings,
            number,
            format_name=format_name,
            actor=here.actor,
            profile=profile.profile,
            agreement=agreement,
            round_doses=round_doses,
        )
    output.say(f"{made.name}: {made.facts['cases']} cases, {len(made.content)} bytes, sha256 {made.sha256}")
    output.say(f"  snapshot {made.facts['snapshot']}; mps report show {number} --out DIR writes it")


@app.command()
def pdf(number: Number, out: Annotated[Path, typer.Option(help="File to write.")]) -> None:
    """Write a report as PDF, made from its page; needs the Pango library."""
    with local_registry() as here, here.work() as work:
        report = report_life.the_report(work, number)
        page = reports.file(work.session, report.id, "report.html")
    if page is None:
        raise WrongUsage(f"report {number} has no page")
    out.write_bytes(to_pdf(page.content))
    output.say(f"open {out.resolve()}")


@app.command()
def diff(
    first: Annotated[int, typer.Argument(help="Number of the earlier report.")],
    second: Annotated[int, typer.Argument(help="Number of the later report.")],
    json: JsonOption = False,
) -> None:
    """Say what changed between two reports, and why: every number with what each cause added to it."""
    with local_registry() as here, here.work() as work:
        before, after = (
            report_life.thaw(work, report_life.the_report(work, number)) for number in (first, second)
        )
    causes = report_diff.counts(before, after)
    rows = [
        {
            "table": change.place[0],
            "row": change.place[1],
            "column": change.place[2],
            "before": _number(change.before),
            "after": _number(change.after),
            "because": ", ".join(f"{cause} {share:+.4g}" for cause, share in change.shares.items()),
        }
        for change in report_diff.changes(before, after)
    ]
    columns = ("table", "row", "column", "before", "after", "because")
    output.listing({"cases": causes, "changes": rows}, rows, columns, json=json, empty="no number differs")
    if not json:
        output.say("cases: " + ", ".join(f"{cause} {count}" for cause, count in causes.items()))


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"


@app.command()
def lock(number: Number, why: Annotated[str, typer.Option(help="Why it is final.")]) -> None:
    """Make a report final: neither its figures nor its files change any more."""
    with local_registry() as here, here.work() as work:
        report_life.lock(work, report_life.the_report(work, number), actor=here.actor, why=why)
    output.say(f"report {number} is locked; next: mps report publish {number}")


@app.command()
def publish(number: Number) -> None:
    """Let the hospitals read a locked public report; needs enough new patients since the last one."""
    with local_registry() as here, here.work() as work:
        report_life.publish(work, here.settings, report_life.the_report(work, number), actor=here.actor)
    output.say(f"report {number} is published")


@app.command()
def own(
    number: Number,
    site: Annotated[str, typer.Argument(help="Code of the hospital.")],
    out: Annotated[Path, typer.Option(help="Folder to write page and numbers to.")],
) -> None:
    """Write a hospital's own view of a locked public report: its patients beside those of all other hospitals.

    Example: mps report own 12 KND --out knd
    """
    with local_registry() as here, here.work() as work:
        page = write_own_view(work, report_life.the_report(work, number), site, out)
    output.say(f"open {page}")


@app.command()
def verify(number: Number) -> None:
    """Build a report again from its snapshot and compare every file; exit status 3 when one differs."""
    with local_registry() as here, here.work() as work:
        report = report_life.the_report(work, number)
        differences = report_life.verify(work, here.settings, report)
        differences += attachments.differences(
            report, report_life.thaw(work, report).rows_hash, reports.attachments(work.session, report.id)
        )
    for difference in differences:
        output.fail(difference)
    if differences:
        raise typer.Exit(3)
    output.say(f"report {number}: every file is the same to the byte")


def _audience(text: str) -> Audience:
    for known in AUDIENCES:
        if text == known:
            return known
    raise WrongUsage(f"--audience is {' or '.join(AUDIENCES)}, not {text}")
