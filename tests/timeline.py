"""Real boards as they were every few days for months, and what must be made of them, counted straight from the JSON."""

import json
from pathlib import Path
from typing import Any

TIMELINE = Path(__file__).parents[1] / "../shared/data/greenhouse/timeline"
IGNORED = {"updated_at", "internal_job_id", "data_compliance", "id"}
"""What is no content of a job: the service's own clock (88 % of its changes change nothing) and numbers."""


def content(job: dict[str, Any]) -> str:
    """A job's content in one form: spaces folded, what is empty left out."""

    def tidy(value: Any) -> Any:
        if isinstance(value, str):
            return " ".join(value.split()) or None
        if isinstance(value, dict):
            return {name: held for name, inner in value.items() if (held := tidy(inner)) is not None} or None
        if isinstance(value, list):
            return [held for inner in value if (held := tidy(inner)) is not None] or None
        return value

    kept = {name: value for name, value in job.items() if name not in IGNORED}
    kept["metadata"] = {entry["name"]: tidy(entry["value"]) for entry in kept.get("metadata") or ()}
    return json.dumps(tidy(kept), sort_keys=True)


def expected(recordings: list[bytes]) -> list[dict[str, int]]:
    """Count what is new, changed, gone and returned from one recording to the next."""
    ever: dict[int, str] = {}
    listed: set[int] = set()
    steps = []
    for recording in recordings:
        now = {job["id"]: content(job) for job in json.loads(recording)["jobs"]}
        stayed = now.keys() & listed
        changed = sum(now[id_] != ever[id_] for id_ in stayed)
        steps.append(
            {
                "seen": len(now),
                "new": len(now.keys() - ever.keys()),
                "changed": changed,
                "unchanged": len(stayed) - changed,
                "returned": len((now.keys() & ever.keys()) - listed),
                "gone": len(listed - now.keys()),
            }
        )
        ever |= now
        listed = set(now)
    return steps
