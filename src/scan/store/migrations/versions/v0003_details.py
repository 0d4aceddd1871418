"""What is remembered of items' own pages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "item_detail",
        sa.Column("item_id", _ID, sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("source_id", _ID, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("listed", sa.LargeBinary, nullable=False),
        sa.Column("read", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer),
    )
    op.create_index("item_detail_source", "item_detail", ["source_id"])
