"""How long each source took, and how many runs in a row ended before it was done."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add both."""
    op.add_column("source", sa.Column("seconds", sa.Float))
    op.add_column("source", sa.Column("missed", sa.Integer, nullable=False, server_default="0"))
