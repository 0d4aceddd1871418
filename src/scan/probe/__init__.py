"""An address to the sources that may be behind it, each tried: what it gives is seen before it is believed."""

from scan.probe.adding import Added, add_candidate
from scan.probe.probing import Probed, probe
from scan.probe.trial import Candidate

__all__ = ["Added", "Candidate", "Probed", "add_candidate", "probe"]
