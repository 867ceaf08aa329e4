"""withdrawals: from which day a case may not be used, what follows, and which reports count it

Snapshots of before name their cases only inside: what they hold is not searched here, so their list is empty and a
report of before is not flagged.

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 5c0e91d7ab36
Revises: 8b41c6d2e07f
"""

import sqlalchemy as sa

from alembic import op

revision = '5c0e91d7ab36'
down_revision = '8b41c6d2e07f'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('case', sa.Column('use_ends', sa.Date(), nullable=True))
    op.add_column('case', sa.Column('use_ends_by', sa.String(length=30), nullable=True))
    op.create_index('ix_case_use_ends', 'case', ['use_ends'], unique=False, postgresql_where=sa.text('use_ends IS NOT NULL'))
    op.add_column('snapshot', sa.Column('case_ids', sa.ARRAY(sa.BigInteger()), nullable=False, server_default='{}'))
    op.create_table('withdrawal',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('level', sa.String(length=30), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_withdrawal_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal'))
    )
    op.create_index('uq_withdrawal_case_id', 'withdrawal', ['case_id'], unique=True, postgresql_where=sa.text('lifted_at IS NULL'))
    op.create_table('report_withdrawal',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('withdrawal_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_withdrawal_report_id')),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_report_withdrawal_withdrawal_id')),
    sa.PrimaryKeyConstraint('report_id', 'withdrawal_id', name=op.f('pk_report_withdrawal'))
    )
    op.create_index('ix_report_withdrawal_withdrawal_id', 'report_withdrawal', ['withdrawal_id'], unique=False)


def downgrade() -> None:
    op.drop_table('report_withdrawal')
    op.drop_table('withdrawal')
    op.drop_column('snapshot', 'case_ids')
    op.drop_column('case', 'use_ends_by')
    op.drop_column('case', 'use_ends')
