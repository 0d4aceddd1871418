"""Where items come from: one small pure file a kind.

`KINDS` names them for the config; `walk` leads one source's whole conversation.
"""

from scan.declare import Catalogue
from scan.sources.base import Batch, Source
from scan.sources.collected import Collected
from scan.sources.merging import merge
from scan.sources.walk import walk

__all__ = ["KINDS", "Batch", "Collected", "Source", "merge", "walk"]

KINDS: Catalogue[type[Source]] = Catalogue(
    {
        "feed": "scan.sources.feed:Feed",
        "json": "scan.sources.json:Json",
        "html": "scan.sources.html:Html",
        "jsonld": "scan.sources.jsonld:JsonLd",
        "greenhouse": "scan.sources.greenhouse:Greenhouse",
        "lever": "scan.sources.lever:Lever",
        "ashby": "scan.sources.ashby:Ashby",
        "workable": "scan.sources.workable:Workable",
        "smartrecruiters": "scan.sources.smartrecruiters:SmartRecruiters",
        "recruitee": "scan.sources.recruitee:Recruitee",
        "personio": "scan.sources.personio:Personio",
        "workday": "scan.sources.workday:Workday",
        "teamtailor": "scan.sources.teamtailor:Teamtailor",
        "sitemap": "scan.sources.sitemap:Sitemap",
        "csv": "scan.sources.csv:Csv",
        "command": "scan.sources.command:Command",
        "ical": "scan.sources.ical:Ical",
        "bamboohr": "scan.sources.bamboohr:BambooHr",
        "breezy": "scan.sources.breezy:Breezy",
        "rippling": "scan.sources.rippling:Rippling",
        "pinpoint": "scan.sources.pinpoint:Pinpoint",
        "jazzhr": "scan.sources.jazzhr:JazzHr",
        "icims": "scan.sources.icims:Icims",
        "remoteok": "scan.sources.remoteok:RemoteOk",
        "remotive": "scan.sources.remotive:Remotive",
        "arbeitnow": "scan.sources.arbeitnow:Arbeitnow",
        "himalayas": "scan.sources.himalayas:Himalayas",
        "jobicy": "scan.sources.jobicy:Jobicy",
        "weworkremotely": "scan.sources.weworkremotely:WeWorkRemotely",
        "hn_hiring": "scan.sources.hn_hiring:HnHiring",
        "usajobs": "scan.sources.usajobs:UsaJobs",
        "ckan": "scan.sources.ckan:Ckan",
        "socrata": "scan.sources.socrata:Socrata",
        "legistar": "scan.sources.legistar:Legistar",
    }
)
"""Every kind by its name, in the order of the manual."""
