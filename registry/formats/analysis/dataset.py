"""Fill the tables of a data set from the cases, under a sharing profile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from registry.domain.case import Version
from registry.formats.analysis.case_table import case_fields
from registry.formats.analysis.field import Field
from registry.formats.analysis.form_tables import FormTable, form_tables
from registry.formats.analysis.profile import Change, Masked, Pool, change_of, column_of, kept, year_bin
from registry.formats.exported import ExportedCase, Profile
from registry.formats.table import Column, Table

CASES = "cases"
ONSET_YEARS = Column("onset_years", "Years of symptom onset, in bins", source="OSONS: start")


@dataclass(frozen=True, slots=True)
class _Filled:
    """A table with what fills it."""

    table: Table
    fields: tuple[tuple[Callable[[Any], Any], Change | None], ...]
    form: FormTable | None = None


def fill(cases: Iterable[ExportedCase], profile: Profile, threshold: int) -> list[Table]:
    """The tables of the data set: the cases first, then one for each form and repeated group."""
    shuffled = profile == "safe-harbour"
    everyone = _prepared(CASES, "One row per case", case_fields(), profile)
    pool = Pool(everyone.table, threshold)
    forms = [_prepared(one.name, one.label, one.fields, profile, one) for one in form_tables()]
    for case in cases:
        masked = Masked(case, profile)
        row = _row(everyone, case, masked)
        if shuffled:
            row.append(year_bin(masked.onset))
            pool.count(row)
        everyone.table.add(row, masked.key)
        _add_forms(forms, case, masked)
    if shuffled:
        everyone.table.last = pool.pooled
        everyone.table.widths = [max(width, 5) for width in everyone.table.widths]  # `other`
    return [everyone.table, *(one.table for one in forms)]


def _prepared(
    name: str, label: str, fields: tuple[Field, ...], profile: Profile, form: FormTable | None = None
) -> _Filled:
    chosen = kept(fields, profile)
    columns = [column_of(field, profile) for field in chosen]
    if form is None and profile == "safe-harbour":
        columns.append(ONSET_YEARS)
    table = Table(name, label, columns, shuffled=profile == "safe-harbour")
    finds = (one.find if profile == "internal" else one.shared or one.find for one in chosen)
    changes = (change_of(one, profile) for one in chosen)
    return _Filled(table, tuple(zip(finds, changes, strict=True)), form)


def _row(filled: _Filled, about: Any, masked: Masked) -> list[Any]:
    return [change(find(about), masked) if change else find(about) for find, change in filled.fields]


def _add_forms(forms: list[_Filled], case: ExportedCase, masked: Masked) -> None:
    by_form: dict[str, list[Version]] = {}
    for version in case.case.current.values():
        by_form.setdefault(version.form, []).append(version)
    for filled in forms:
        form = filled.form
        if form is not None and form.form in by_form:
            for row in form.rows(case, by_form[form.form]):
                filled.table.add(_row(filled, row, masked), masked.key)
