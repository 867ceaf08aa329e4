"""The one place that prints: tables for people, JSON for programs, progress on standard error."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def as_json(value: Any) -> None:
    """Print a value as indented JSON on standard output."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)
    sys.stdout.write(text.decode() + "\n")


def say(text: str = "") -> None:
    """Print a line on standard output."""
    out.print(text, markup=False)


def note(text: str) -> None:
    """Print a line about the doing, not the result, on standard error."""
    err.print(text, markup=False, style="dim")


def fail(text: str) -> None:
    """Print what went wrong and what to do next, on standard error."""
    err.print(text, markup=False, style="red")


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, empty: str) -> None:
    """Print rows as a table with these columns, or say that there are none."""
    found = list(rows)
    if not found:
        say(empty)
        return
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column.replace("_", " "), overflow="fold")
    for row in found:
        made.add_row(*("" if row.get(column) is None else str(row.get(column)) for column in columns))
    out.print(made)


def listing(
    value: Any, rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, json: bool, empty: str
) -> None:
    """A listing: the whole value as JSON, or its rows as a table."""
    if json:
        as_json(value)
    else:
        table(rows, columns, empty=empty)


def progress(what: str, total: int | None) -> Progress:
    """A progress bar on standard error; use as a context manager, then ``advance``."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
    )
    bar.add_task(what, total=total)
    return bar


@contextmanager
def doing() -> Iterator[Callable[[str], None]]:
    """A line on the terminal that says what is being done; gone when it is done."""
    with err.status("") as status:
        yield lambda text: status.update(escape(text))


def raw(text: str) -> None:
    """Print text as it is, for another program to read."""
    sys.stdout.write(text)


def receipt(found: Mapping[str, Any]) -> None:
    """A receipt for people: what became of the submission, what was found, what was derived."""
    say(f"submission {found['id']}")
    say(
        f"  case      {found['case'] or '?'} at {found['site']}, {found['registry_id'] or 'no registry id yet'}"
    )
    say(f"  state     {found['state']}: {found['meaning']}")
    if found["effect"]:
        say(
            f"  effect    {found['effect']['records_added']} records added, {found['effect']['records_known']} known"
        )
    if found["error"]:
        say(f"  error     {found['error']} (tried {found['attempts']} times)")
    findings(found["findings"])
    derived(found["derived"])


def age(seconds: float) -> str:
    """An age in the largest unit of which it has two."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def findings(rows: Iterable[Mapping[str, Any]]) -> None:
    """Findings as sentences."""
    for row in rows:
        say(f"  {row['severity']:9} {row['rule']} {row['pointer']}: {row['message']}")


def derived(rows: Iterable[Mapping[str, Any]]) -> None:
    """Derived values as sentences."""
    for row in rows:
        subject = f" [{row['subject']}]" if row["subject"] else ""
        say(f"  {row['outcome']:9}{subject} {row['explanation']}")


def case(found: Mapping[str, Any], *, why: str | None) -> None:
    """A case for people: its records, then what is derived from them and why."""
    say(f"case {found['registry_id']} ({found['case']} at {found['site']})")
    for one in found["withdrawals"]:
        held = f", lifted {one['lifted_at']}" if one["lifted_at"] else ""
        counted = ", ".join(map(str, one["reports"])) or "none"
        say(
            f"  withdrawn: {one['level']} from {one['from'] or 'at once'}{held}; reports that count it: {counted}"
        )
    if why is None:
        for form, content in found["forms"].items():
            for record in content if isinstance(content, list) else [content]:
                facts = ", ".join(f"{k}: {v}" for k, v in record.items() if k != "missing")
                say(f"  {form}: {facts}")
        say("derived")
        derived(found["derived"])
        return
    if not found["derived"]:
        say(f"  nothing is derived under the name {why}")
    for row in found["derived"]:
        subject = f" [{row['subject']}]" if row["subject"] else ""
        say(f"  {row['outcome']}{subject}: {row['explanation']}")
        say(f"    value {row['value']}" + (f", missing because {row['reason']}" if row["reason"] else ""))
        say(
            f"    algorithm {row['outcome']} version {row['algorithm_version']}, flags {', '.join(row['flags']) or 'none'}"
        )
        if row["opioid_table"]:
            say(f"    opioid table {row['opioid_table']}")
        for one in row["inputs"]:
            say(f"    from {one['form']} {one['key']} (version {one['hash'][:12]})")
