"""Load: from stored records to cases."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from registry.domain.case import Case, Version
from registry.domain.dictionary_versions import lifted
from registry.domain.forms import FORMS_BY_NAME
from registry.pipeline.sealed_words import record_of
from registry.store import cases
from registry.store.database import Work


def load_cases(work: Work, ids: Sequence[int], as_of: datetime | None = None) -> dict[int, Case]:
    """The cases with all their record versions, by id, as the registry knew them at ``as_of`` (default: now)."""
    versions: dict[int, list[Version]] = {case_id: [] for case_id in ids}
    for row, version in load_versions(work, ids, as_of):
        versions[row.case_id].append(version)
    return {case_id: Case.of(found) for case_id, found in versions.items()}


def load_versions(
    work: Work, ids: Sequence[int], as_of: datetime | None = None
) -> Iterator[tuple[Row[Any], Version]]:
    """Every record version of the cases with its row, in the order in which they were accepted."""
    rows = cases.records(work.session, ids, as_of)
    work.keys.load(row.sealed for row in rows)
    for row in rows:
        content, reason = record_of(work.keys, row)
        record = FORMS_BY_NAME[row.form].model_validate(lifted(row.form, content, row.dictionary))
        yield row, Version(record, row.recorded_at, row.hash, reason)
