"""Where items come from: one small pure file a kind.

`KINDS` names them for the config; `walk` leads one source's whole conversation.
"""

from scan.sources.ashby import Ashby
from scan.sources.base import Batch, Source
from scan.sources.feed import Feed
from scan.sources.greenhouse import Greenhouse
from scan.sources.html import Html
from scan.sources.json import Json
from scan.sources.jsonld import JsonLd
from scan.sources.lever import Lever
from scan.sources.merging import merge
from scan.sources.personio import Personio
from scan.sources.recruitee import Recruitee
from scan.sources.smartrecruiters import SmartRecruiters
from scan.sources.teamtailor import Teamtailor
from scan.sources.walk import Collected, walk
from scan.sources.workable import Workable
from scan.sources.workday import Workday

__all__ = ["KINDS", "Batch", "Collected", "Source", "merge", "walk"]

KINDS: dict[str, type[Source]] = {
    "feed": Feed,
    "json": Json,
    "html": Html,
    "jsonld": JsonLd,
    "greenhouse": Greenhouse,
    "lever": Lever,
    "ashby": Ashby,
    "workable": Workable,
    "smartrecruiters": SmartRecruiters,
    "recruitee": Recruitee,
    "personio": Personio,
    "workday": Workday,
    "teamtailor": Teamtailor,
}
"""Every kind by its name, in the order of the manual."""
