"""senders: who sent a submission or a batch, as the audit trail names them

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 4b8e6c1d70a2
Revises: 0f7a3c52d9b8
"""

import sqlalchemy as sa

from alembic import op

revision = '4b8e6c1d70a2'
down_revision = '0f7a3c52d9b8'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('submission', sa.Column('sender', sa.String(length=60), nullable=True))
    op.add_column('batch', sa.Column('sender', sa.String(length=60), nullable=True))


def downgrade() -> None:
    op.drop_column('batch', 'sender')
    op.drop_column('submission', 'sender')
