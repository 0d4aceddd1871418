"""Other programs that look at feeds, each in an environment of its own, doing the same work as `scan`.

Each is a `Peer`: what it is installed from, how it is configured, the command of one scan, and how it is known that it
found what there was. What they do differs: each module says how.
"""

from bench.peers.feed2exec import Feed2exec
from bench.peers.rss2email import Rss2email
from bench.peers.scrapy import Scrapy
from bench.peers.urlwatch import Urlwatch
from bench.peers.webchanges import Webchanges

PEERS = (Urlwatch, Webchanges, Scrapy, Rss2email, Feed2exec)
