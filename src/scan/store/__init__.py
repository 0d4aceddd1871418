"""What `scan` remembers: tables, migrations, and one `Store` with few, meaningful methods.

The only room that knows SQLAlchemy (Core, never the ORM). `Store` is in `scan.store.database`, and what goes in and
comes out of it in `scan.store.records`, so that knowing the records doesn't cost SQLAlchemy's import.
"""
