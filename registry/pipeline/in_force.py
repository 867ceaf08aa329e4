"""In force: versions of rules, tables and code, and thresholds, as events when they change.

They come with a new version of the code or of the settings, so no command changes them; a worker that starts notes what
is otherwise than the last one noted.
"""

from sqlalchemy import text

from registry.pipeline.study import versions_in_force
from registry.settings import Settings
from registry.store import events
from registry.store.database import Work

CHANGED = "versions.changed"

_LAST = text(
    "SELECT detail -> 'after' AS known FROM event WHERE action = :action AND subject = :subject ORDER BY id DESC LIMIT 1"
)


def note_versions(work: Work, settings: Settings) -> list[str]:
    """Note what is in force where that is new; gives the names of what has changed."""
    now = dict(versions_in_force(settings)) | {
        "threshold of public reports": str(settings.report_public_threshold),
        "threshold of staff reports": str(settings.report_staff_threshold),
    }
    before = (
        work.session.execute(_LAST, {"action": CHANGED, "subject": "registry"}).scalar_one_or_none() or {}
    )
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if changed:
        event = events.happened(CHANGED, "registry", actor="registry", before=before or None, after=now)
        events.add(work.session, [event])
    return changed
