"""report editions: what published reports let their readers know, so that the next one is protected beside them

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 71b5e0c9d2a4
Revises: 4b8e6c1d70a2
"""

import sqlalchemy as sa

from alembic import op

revision = '71b5e0c9d2a4'
down_revision = '4b8e6c1d70a2'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('report_edition',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_edition_report_id')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_report_edition'))
    )


def downgrade() -> None:
    op.drop_table('report_edition')
