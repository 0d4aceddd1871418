"""Lists: tables that `each:` makes sources of, one a row. Where they come from, how they are read and kept.

Nothing here asks a network: `scan.sync` does, and leaves copies that everybody else reads.
"""
