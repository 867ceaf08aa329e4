"""data keys: payloads and free text are sealed, each case under a key of its own

What was stored before stays as it was and is read as it is: values say whether they are sealed.

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 2d7f4ab8c610
Revises: 71b5e0c9d2a4
"""

import sqlalchemy as sa

from alembic import op

revision = '2d7f4ab8c610'
down_revision = '71b5e0c9d2a4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('data_key',
    sa.Column('name', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('master', sa.String(length=12), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_data_key_site_id')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_data_key'))
    )
    op.create_index('ix_data_key_master', 'data_key', ['master'], unique=False, postgresql_where=sa.text('wrapped IS NOT NULL'))
    op.create_table('name_key',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('master', sa.String(length=12), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_name_key'))
    )
    op.alter_column('submission', 'payload', nullable=True)
    op.add_column('record', sa.Column('sealed', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('record', 'sealed')
    op.execute("UPDATE submission SET payload = '' WHERE payload IS NULL")
    op.alter_column('submission', 'payload', nullable=False)
    op.drop_table('name_key')
    op.drop_table('data_key')
