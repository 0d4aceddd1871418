"""What `scan config init` writes."""

STARTER = """\
# The config of scan. Every key: docs/config.md. Checked by: scan config check

every: 15m                       # how often a source is due
# timezone: Europe/Berlin        # for what people read; default: the machine's

sources:                         # where to look
  - name: python-releases
    kind: feed
    url: https://github.com/python/cpython/releases.atom
    tags: [releases]
    # every: 1h                  # a source may have its own
    # first_run: baseline        # what is there already is not told

# - name: acme                   # a company's job board
#   kind: greenhouse
#   board: acme                  # the last part of boards.greenhouse.io/acme
#   tags: [jobs]

searches:                        # what to look for
  - name: releases
    sources: ["tag:releases"]    # names, and tag:NAME; default: all

# - name: backend
#   sources: ["tag:jobs"]
#   any: [python, go, "site reliability"]    # whole words, whatever their case
#   all: [remote]
#   title: {none: [senior, staff, manager]}
#   on: [new, changed]
#   notify: [me]

channels:                        # whom to tell
  - name: screen                 # try it: scan run
    kind: stdout

# - name: me
#   kind: email
#   to: me@example.org
#   from: scan@example.org
#   smtp: "smtps://user:${credential:smtp}@mail.example.org"
"""
