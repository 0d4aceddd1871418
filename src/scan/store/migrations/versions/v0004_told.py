"""What each source of a run told, and when it had been taken in."""

import sqlalchemy as sa
from alembic import op

from scan.store.types import Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; of earlier runs nothing is known."""
    for count in ("skipped", "sent", "failed"):
        op.add_column("source_run", sa.Column(count, sa.Integer, nullable=False, server_default="0"))
    op.add_column("source_run", sa.Column("finished_at", Utc))
