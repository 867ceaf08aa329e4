"""items of files: their place, the row they were made from, notes about the file

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 5b0c2d9e7a41
Revises: 311cf7249bb2
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = '5b0c2d9e7a41'
down_revision = '311cf7249bb2'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('batch', sa.Column('head', sa.String(), nullable=True))
    op.add_column(
        'batch',
        sa.Column('notes', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.add_column('submission', sa.Column('place', sa.String(), nullable=True))
    op.add_column('submission', sa.Column('source', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('submission', 'source')
    op.drop_column('submission', 'place')
    op.drop_column('batch', 'notes')
    op.drop_column('batch', 'head')
