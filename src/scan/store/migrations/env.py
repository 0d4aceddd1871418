"""What Alembic runs: the migrations, in the transaction of whoever asked for them."""

from alembic import context

from scan.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,  # for the names of constraints
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
