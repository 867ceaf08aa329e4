"""the index of what waits holds what is to be rung for, and no longer what a parcel rings for

With every waiting row in it PostgreSQL took it for the way to the earlier submissions of a case: to a planner that had last
looked when nothing waited it was as short as the index made for that, and each chunk read all that waited a hundred times.

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: c41e8b7a2f05
Revises: 6a0f3c1d9b72
"""

import sqlalchemy as sa

from alembic import op

revision = 'c41e8b7a2f05'
down_revision = '6a0f3c1d9b72'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_submission_waiting', table_name='submission')
    op.create_index('ix_submission_waiting', 'submission', ['ring_at'], unique=False,
                    postgresql_where=sa.text("state = 'received' AND ring_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index('ix_submission_waiting', table_name='submission')
    op.create_index('ix_submission_waiting', 'submission', ['ring_at'], unique=False,
                    postgresql_where=sa.text("state = 'received'"))
