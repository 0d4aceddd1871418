"""Other programs that look at feeds, each in an environment of its own, doing the same work as `scan`.

Each is a `Peer`: what it is installed from, how it is configured, the command of one scan, and how it is known that it
found something. What they do differs: `docs/performance.md` says how.
"""
