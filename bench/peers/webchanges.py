"""webchanges: a descendant of urlwatch's, which also keeps each page and says how it differs."""

from typing import ClassVar

from bench.peers.urlwatch import Urlwatch

CONFIG = """\
display: {new: true, error: true, unchanged: false, empty-diff: false}
report:
  stdout: {enabled: true, color: false}
  browser: {enabled: false}
version_check: {enabled: false}
"""


class Webchanges(Urlwatch):
    """https://github.com/mborsetti/webchanges."""

    name: ClassVar = "webchanges"
    requirements: ClassVar = "webchanges.txt"
    database: ClassVar = "--database"
    jobs: ClassVar = "--jobs"
    config: ClassVar = CONFIG
