"""report attachments: exports that belong to a staff report

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 3f6d0b7a92c4
Revises: 3f0e6a1c77d2
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = '3f6d0b7a92c4'
down_revision = '3f0e6a1c77d2'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('report_attachment',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('facts', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_attachment_report_id')),
    sa.PrimaryKeyConstraint('report_id', 'name', name=op.f('pk_report_attachment'))
    )


def downgrade() -> None:
    op.drop_table('report_attachment')
