"""mps rules: what a change of the rules does to stored cases."""

from typing import Annotated

import typer

from cli import output
from cli.derive import derive_every
from cli.local import JsonOption, local_registry
from registry.domain.check import rules_version
from registry.pipeline.recheck import Change, count_cases, preview

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Rules and stored cases.")


@app.command("preview")
def show_preview(json: JsonOption = False) -> None:
    """Say which cases the present rules would refuse, ask more about, or ask less about; change nothing."""
    found: list[Change] = []
    with local_registry() as here:
        with here.work() as work:
            total = count_cases(work)
        after = 0
        with output.progress("checking", total) as bar:
            while True:
                with here.work() as work:
                    page = preview(work, here.settings, after=after)
                if not page:
                    break
                found.extend(change for change in page if change.changes)
                after = page[-1].id
                bar.advance(bar.task_ids[0], len(page))
    rows = [
        {
            "case": change.registry_id,
            "checked_under": change.checked_under,
            "refused": " ".join(change.refused),
            "gained": " ".join(change.gained),
            "lost": " ".join(change.lost),
        }
        for change in found
    ]
    columns = ("case", "checked_under", "refused", "gained", "lost")
    answer = {"rules": rules_version(), "cases": total, "changed": rows}
    output.listing(answer, rows, columns, json=json, empty="the present rules change nothing")
    if rows and not json:
        output.say(
            f"{len(rows)} of {total} cases; `mps rules apply` checks all of them under {rules_version()}"
        )


@app.command()
def apply(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Check every stored case under the present rules, through the workers: queries are opened and closed."""
    if not yes:
        typer.confirm("check every stored case again?", abort=True)
    total = derive_every(event="rules.applied", after=rules_version())
    output.say(f"checked {total} cases under the rules {rules_version()}")
