"""Where items come from: one small pure file a kind.

`KINDS` names them for the config; `walk` leads one source's whole conversation.
"""

from scan.sources.ashby import Ashby
from scan.sources.base import Batch, Source
from scan.sources.feed import Feed
from scan.sources.greenhouse import Greenhouse
from scan.sources.html import Html
from scan.sources.json import Json
from scan.sources.lever import Lever
from scan.sources.merging import merge
from scan.sources.walk import Collected, walk

__all__ = ["KINDS", "Batch", "Collected", "Source", "merge", "walk"]

KINDS: dict[str, type[Source]] = {
    "feed": Feed,
    "json": Json,
    "html": Html,
    "greenhouse": Greenhouse,
    "lever": Lever,
    "ashby": Ashby,
}
"""Every kind by its name, in the order of the manual."""
