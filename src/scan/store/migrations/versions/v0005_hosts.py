"""What is remembered of hosts: that they want to be left alone, how often they were asked, their robots.txt."""

import sqlalchemy as sa
from alembic import op

from scan.store.types import Json, Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "host",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("closed_until", Utc),
        sa.Column("closed_status", sa.Integer),
        sa.Column("asked", Json, nullable=False),
        sa.Column("seen_at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    op.create_index("host_seen", "host", ["seen_at"])
    op.create_table(
        "robots",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("read_at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_robots"),
    )
    op.create_index("robots_read", "robots", ["read_at"])
