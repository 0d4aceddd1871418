"""Taking secrets out of text, wherever it goes: logs, errors, tracebacks, `config show`."""

import base64
import json
import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"
_URL_PASSWORD = re.compile(r"(?<=://)[^/@\s\"']*:[^/@\s\"']*(?=@)")
_QUERY_SECRET = re.compile(
    r"(?i)(?<=[?&])((?:[a-z0-9_.-]*(?:token|secret|password|passwd|api_?key|access_key|auth|signature)|key|sig)=)[^&\s\"'#<>]+"
)
_HEADERS = ("authorization", "cookie", "x-api-key")
_HEADER_SECRET = re.compile(
    rf"(?i)\b((?:{'|'.join(_HEADERS)})[\"']?\s*[:=]\s*)(?:[\"'][^\"']+[\"']|(?:bearer|basic|token)\s+\S+)"
)


class Redaction:
    """Takes secrets out of text: those of the config as they are, URL-quoted and in base64; and what looks like one."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        """Return the text with every secret masked."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        if "://" in text:
            text = _QUERY_SECRET.sub(rf"\1{MASK}", _URL_PASSWORD.sub(MASK, text))
        lowered = text.lower()
        if any(name in lowered for name in _HEADERS):  # few lines have one, and looking for it so costs a tenth
            text = _HEADER_SECRET.sub(rf"\1{MASK}", text)
        return text


def _forms(secret: str) -> Iterator[str]:
    """List the ways a secret is written when it travels."""
    raw = secret.encode("utf-8", "surrogatepass")
    escaped = json.dumps(secret)[1:-1]
    encoded = base64.b64encode(raw).decode().rstrip("=")
    yield from (
        secret,
        escaped,
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
        encoded,
    )
