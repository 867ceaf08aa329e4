"""parcels: chunks of bulk uploads take turns by site; a case's submissions are decided in order of arrival

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 8b41c6d2e07f
Revises: 3f6d0b7a92c4
"""

import sqlalchemy as sa

from alembic import op

revision = '8b41c6d2e07f'
down_revision = '3f6d0b7a92c4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('parcel',
    sa.Column('first', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('submission_ids', sa.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('rung_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_parcel_site_id')),
    sa.PrimaryKeyConstraint('first', name=op.f('pk_parcel'))
    )
    op.create_index('ix_parcel_parked', 'parcel', ['site_id', 'first'], unique=False, postgresql_where=sa.text('rung_at IS NULL'))
    op.create_index('ix_parcel_rung', 'parcel', ['site_id'], unique=False, postgresql_where=sa.text('rung_at IS NOT NULL'))
    op.alter_column('submission', 'ring_at', nullable=True)
    op.create_index('ix_submission_case', 'submission', ['site_id', 'pseudonym', 'id'], unique=False, postgresql_where=sa.text("state = 'received'"))


def downgrade() -> None:
    op.drop_index('ix_submission_case', table_name='submission', postgresql_where=sa.text("state = 'received'"))
    op.execute("UPDATE submission SET ring_at = now() WHERE ring_at IS NULL")
    op.alter_column('submission', 'ring_at', nullable=False)
    op.drop_table('parcel')
