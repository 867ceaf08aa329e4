"""Load: from stored records to cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from registry.domain.case import Case, Version
from registry.domain.dictionary_versions import lifted
from registry.domain.forms import FORMS_BY_NAME
from registry.store import cases


def load_cases(session: Session, ids: Sequence[int], as_of: datetime | None = None) -> dict[int, Case]:
    """The cases with all their record versions, by id, as the registry knew them at ``as_of`` (default: now)."""
    versions: dict[int, list[Version]] = {case_id: [] for case_id in ids}
    for row in cases.records(session, ids, as_of):
        content = FORMS_BY_NAME[row.form].model_validate(lifted(row.form, row.content, row.dictionary))
        versions[row.case_id].append(Version(content, row.recorded_at, row.hash, row.reason))
    return {case_id: Case.of(found) for case_id, found in versions.items()}
