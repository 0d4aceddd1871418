"""The text around a hit, for people."""

WIDTH = 60


def excerpt(text: str, start: int, end: int) -> str:
    """Cut about 60 characters out of a text, at word ends where it has any, with the hit in the middle."""
    end = min(end, start + WIDTH)
    spare = (WIDTH - (end - start)) // 2
    left, right = max(0, start - spare), min(len(text), end + spare)
    before, after = _one_line(text[left:start]), _one_line(text[end:right])
    if left and " " in before and not text[left - 1].isspace():
        before = before[before.index(" ") + 1 :]
    if right < len(text) and " " in after and not text[right].isspace():
        after = after[: after.rindex(" ")]
    middle = " ".join(f"{before}{text[start:end]}{after}".split())
    return f"{'…' if left else ''}{middle}{'…' if right < len(text) else ''}"


def _one_line(text: str) -> str:
    return text.replace("\n", " ")
