"""linkage: the tokens by which another site may know the patient of a case

Write migrations that the previous version of the code survives: add before use, remove after.

Revision ID: 3f0e6a1c77d2
Revises: 710cc2d905cb
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = '3f0e6a1c77d2'
down_revision = '710cc2d905cb'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('case', sa.Column('linkage', postgresql.ARRAY(sa.Text()), nullable=True))
    # The newest token of each case; deriving the cases anew (`mps rules apply`) adds those of earlier keys.
    op.execute("""
        UPDATE "case" c SET linkage = ARRAY[r.token]
        FROM (SELECT DISTINCT ON (case_id) case_id, content ->> 'linkage_token' AS token
              FROM record WHERE form = 'patient' ORDER BY case_id, recorded_at DESC, hash DESC) r
        WHERE r.case_id = c.id AND r.token IS NOT NULL
    """)
    op.create_index('ix_case_linkage', 'case', ['linkage'], unique=False, postgresql_using='gin', postgresql_where=sa.text('linkage IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_case_linkage', table_name='case', postgresql_using='gin', postgresql_where=sa.text('linkage IS NOT NULL'))
    op.drop_column('case', 'linkage')
