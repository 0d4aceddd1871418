"""How many runs in a row died of each source."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the count."""
    op.add_column("source", sa.Column("crashes", sa.Integer, nullable=False, server_default="0"))
