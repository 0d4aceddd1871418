"""How many matches each source ever brought, counted as they are made."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the count, and count once."""
    op.add_column("source", sa.Column("match_count", sa.Integer, nullable=False, server_default="0"))
    op.execute('UPDATE source SET match_count = (SELECT count(*) FROM "match" WHERE "match".source_id = source.id)')
