"""Where items come from: one small pure file a kind.

`KINDS` names them for the config; `walk` leads one source's whole conversation.
"""

from scan.sources.arbeitnow import Arbeitnow
from scan.sources.ashby import Ashby
from scan.sources.bamboohr import BambooHr
from scan.sources.base import Batch, Source
from scan.sources.breezy import Breezy
from scan.sources.ckan import Ckan
from scan.sources.csv import Csv
from scan.sources.feed import Feed
from scan.sources.greenhouse import Greenhouse
from scan.sources.himalayas import Himalayas
from scan.sources.hn_hiring import HnHiring
from scan.sources.html import Html
from scan.sources.ical import Ical
from scan.sources.icims import Icims
from scan.sources.jazzhr import JazzHr
from scan.sources.jobicy import Jobicy
from scan.sources.json import Json
from scan.sources.jsonld import JsonLd
from scan.sources.legistar import Legistar
from scan.sources.lever import Lever
from scan.sources.merging import merge
from scan.sources.personio import Personio
from scan.sources.pinpoint import Pinpoint
from scan.sources.recruitee import Recruitee
from scan.sources.remoteok import RemoteOk
from scan.sources.remotive import Remotive
from scan.sources.rippling import Rippling
from scan.sources.sitemap import Sitemap
from scan.sources.smartrecruiters import SmartRecruiters
from scan.sources.socrata import Socrata
from scan.sources.teamtailor import Teamtailor
from scan.sources.usajobs import UsaJobs
from scan.sources.walk import Collected, walk
from scan.sources.weworkremotely import WeWorkRemotely
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
    "sitemap": Sitemap,
    "csv": Csv,
    "ical": Ical,
    "bamboohr": BambooHr,
    "breezy": Breezy,
    "rippling": Rippling,
    "pinpoint": Pinpoint,
    "jazzhr": JazzHr,
    "icims": Icims,
    "remoteok": RemoteOk,
    "remotive": Remotive,
    "arbeitnow": Arbeitnow,
    "himalayas": Himalayas,
    "jobicy": Jobicy,
    "weworkremotely": WeWorkRemotely,
    "hn_hiring": HnHiring,
    "usajobs": UsaJobs,
    "ckan": Ckan,
    "socrata": Socrata,
    "legistar": Legistar,
}
"""Every kind by its name, in the order of the manual."""
