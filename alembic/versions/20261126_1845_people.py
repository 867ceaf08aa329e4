"""people: who works with the registry, by which role; their keys are of the same kind as those of sites

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 0f7a3c52d9b8
Revises: 5d2c9f7b1e60
"""

import sqlalchemy as sa

from alembic import op

revision = '0f7a3c52d9b8'
down_revision = '5d2c9f7b1e60'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('person',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(role LIKE 'site%') = (site_id IS NOT NULL)", name=op.f('ck_person_site')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_person_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('name', name=op.f('uq_person_name'))
    )
    op.alter_column('api_key', 'site_id', nullable=True)
    op.add_column('api_key', sa.Column('person_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_api_key_person_id'), 'api_key', 'person', ['person_id'], ['id'])
    op.create_check_constraint(op.f('ck_api_key_holder'), 'api_key', '(site_id IS NULL) <> (person_id IS NULL)')
    op.create_index(op.f('ix_api_key_person_id'), 'api_key', ['person_id'], unique=False)


def downgrade() -> None:
    op.execute('DELETE FROM api_key WHERE person_id IS NOT NULL')
    op.drop_index(op.f('ix_api_key_person_id'), table_name='api_key')
    op.drop_constraint(op.f('ck_api_key_holder'), 'api_key')
    op.drop_constraint(op.f('fk_api_key_person_id'), 'api_key')
    op.drop_column('api_key', 'person_id')
    op.alter_column('api_key', 'site_id', nullable=False)
    op.drop_table('person')
