"""mps linkage: tokens for one's own patients, made offline with the study's key; nothing is sent."""

import csv
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from cli import output
from registry.domain.linkage_token import PERSON, Key, read_key
from registry.errors import WrongUsage

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Tokens for linkage, made at the site.")

PERSON_COLUMNS = ("family", "given", "birth", "sex")
KeyFile = Annotated[
    Path, typer.Option("--key-file", help="File with the study's key.", exists=True, dir_okay=False)
]


@app.command()
def key(
    out: Annotated[Path, typer.Option(help="File to write; it must not exist.")],
    number: Annotated[int, typer.Option("--id", help="Number of the key: 1 is k1.", min=0, max=999)] = 1,
) -> None:
    """Make the study's key. One site or the trustee does so and hands it to the others, never to the registry."""
    made = Key(f"k{number}", secrets.token_bytes(32))
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WrongUsage(
            f"{out} is there already, and a key is never overwritten; name another file"
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made.written() + "\n")
    output.say(f"written {out}: key k{number}, for the sites only; the registry must never have it")


@app.command()
def token(
    key_file: KeyFile,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV with `case` and `identifier`, or `case,family,given,birth,sex`; - for standard input."
        ),
    ] = None,
    system: Annotated[str, typer.Option(help="Numbering system of the identifiers, or PERSON.")] = PERSON,
    out: Annotated[Path | None, typer.Option(help="CSV to write; standard output unless given.")] = None,
) -> None:
    """Make linkage tokens from a file, or ask for one identifier. Nothing is sent, stored or logged."""
    try:
        study = read_key(key_file.read_text(encoding="ascii"))
    except (ValueError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{key_file}: {error}") from None
    if os.name == "posix" and stat.S_IMODE(key_file.stat().st_mode) & 0o077:
        output.note(f"others on this machine may read {key_file}; run `chmod 600 {key_file}`")
    if file is None:
        output.say(_asked(study, system))
        return
    rows = list(_tokens(study, system, _lines(file)))
    made = [(case, found) for case, found, fault in rows if fault is None]
    if out is None:
        _write(made, sys.stdout)
    else:
        with out.open("w", newline="", encoding="utf-8") as target:
            _write(made, target)
    faults = [fault for _, _, fault in rows if fault is not None]
    for fault in faults:
        output.fail(fault)
    if faults:
        output.fail(f"{len(faults)} of {len(rows)} lines have no token; mend them and run again")
        raise typer.Exit(1)


def _asked(study: Key, system: str) -> str:
    names = PERSON_COLUMNS if system == PERSON else ("identifier",)
    told = [typer.prompt(name, hide_input=True, err=True) for name in names]
    try:
        return _made(study, system, told)
    except ValueError as error:
        raise WrongUsage(f"no token: {error}") from None


def _made(study: Key, system: str, told: list[str]) -> str:
    return study.token_of_person(*told) if system == PERSON else study.token(system, told[0])


def _tokens(study: Key, system: str, lines: list[str]) -> Iterator[tuple[str, str, str | None]]:
    """(case, token, fault) for each line; a fault names the line and never what stands in it."""
    first = lines[0]
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    names = PERSON_COLUMNS if system == PERSON else ("identifier",)
    wanted = ("case", *names)
    if not set(wanted) <= set(reader.fieldnames or ()):
        hint = "" if system != PERSON else "; for a national number say --system, for example GB-NHS"
        raise WrongUsage(f"the first line must name the columns {','.join(wanted)}{hint}")
    for row in reader:
        case = (row["case"] or "").strip()
        try:
            yield case, _made(study, system, [row[name] or "" for name in names]), None
        except ValueError as error:
            yield case, "", f"line {reader.line_num}: {error}"


def _lines(file: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{file} cannot be read as UTF-8 text ({type(error).__name__})") from None
    if not text.strip():
        raise WrongUsage(f"{file} is empty; give a line of column names and a line for each patient")
    return text.removeprefix("\ufeff").splitlines(keepends=True)


def _write(rows: Iterable[tuple[str, str]], target: TextIO) -> None:
    csv.writer(target, lineterminator="\n").writerows([("case", "linkage_token"), *rows])
