"""analysis rows as lists of figures; what is derived is no longer compressed

The rows there are go: they are derived anew where a report needs them, or for all by `mps derive --all`. A worker of
the previous version goes on writing its own rows, which are known by their form and left unused.

Compressing took the database as long as everything else it does for a case. `derived` leaves the row for the side table, so
that a report reads little of what it does not need; the list of figures stays in the row.

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 6a0f3c1d9b72
Revises: 2d7f4ab8c610
"""

from alembic import op

revision = '6a0f3c1d9b72'
down_revision = '2d7f4ab8c610'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE "case" ALTER analysis TYPE json USING NULL')
    op.execute('ALTER TABLE "case" ALTER derived SET STORAGE EXTERNAL, ALTER analysis SET STORAGE MAIN, '
               'ALTER basis SET STORAGE MAIN')


def downgrade() -> None:
    op.execute('ALTER TABLE "case" ALTER analysis TYPE jsonb USING NULL')
    op.execute('ALTER TABLE "case" ALTER derived SET STORAGE EXTENDED, ALTER analysis SET STORAGE EXTENDED, '
               'ALTER basis SET STORAGE EXTENDED')
