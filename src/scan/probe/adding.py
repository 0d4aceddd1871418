"""A candidate added to the config: only one that was tried, and that the config doesn't have."""

from collections.abc import Mapping

import msgspec

from scan.config.addition import add
from scan.config.drafts import Drafts
from scan.config.model import Config
from scan.errors import ScanError, SourceError
from scan.fetch import Fetcher
from scan.probe.trial import MEDIUM, Candidate, confirmed


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What came of adding an entry.

    Attributes:
        file: of the config.
        name: of the source; where it was there before, the one that it has.
        before: the config had it, so nothing was written.

    """

    file: str
    name: str
    before: bool


def add_candidate(
    candidate: Candidate,
    config: Config,
    *,
    drafts: Drafts,
    fetcher: Fetcher,
    environ: Mapping[str, str],
    chosen: bool,
) -> Added:
    """Add a candidate's entry to the config's file.

    Args:
        candidate: of a probe with this config.
        config: as its file is.
        drafts: that the probe used.
        fetcher: asks for all of it once more, as a run would.
        environ: of the process.
        chosen: somebody picked it, so a low confidence is no hindrance.

    Raises:
        ScanError: it cannot be added; it says why, and what to do.

    """
    if candidate.problem is not None:
        raise ScanError(f"not added, for it could not be tried: {candidate.problem}")
    if candidate.score < MEDIUM and not chosen:
        raise ScanError("not added, for the confidence is low: look at the items; --pick 1 adds it all the same")
    draft = drafts.read(candidate.entry)
    same = next((entry.name for entry in config.sources if entry.source == draft.entry.source), None)
    if same is not None:
        return Added(file=str(config.path), name=same, before=True)
    try:
        confirmed(draft, fetcher)
    except SourceError as error:
        raise ScanError(f"not added, for asked once more it failed: {error}") from error
    add(config.path, draft, environ=environ)
    return Added(file=str(config.path), name=draft.entry.name, before=False)
