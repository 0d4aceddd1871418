"""What CEL complains of, as one line."""

import re

_COMPLAINT = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_OPERATOR = re.compile(r"(?<!\w)_([^\w\s]+)_(?!\w)")


def readable(message: str) -> str:
    """Make one line of what CEL says."""
    complaints = sorted((int(line), int(column), text) for line, column, text in _COMPLAINT.findall(message))
    if not complaints:
        message = re.sub(r"^[A-Z_]+: | \[[A-Z_]+\]$", "", " ".join(message.split()))
        return _OPERATOR.sub(r"\1", message)
    line, column, text = complaints[0]
    text = re.sub(r" \(in container ''\)| \[[A-Z_]+\]$", "", text)
    text = _OPERATOR.sub(r"\1", text).replace("google.protobuf.Timestamp", "timestamp")
    if text.startswith("Syntax error"):
        text = text.partition(" expecting ")[0]
    return f"{place(line, column)}: {text}"


def place(line: int, column: int) -> str:
    """Say where something is; most conditions have one line."""
    return f"column {column}" if line == 1 else f"line {line}, column {column}"


def readable_type(name: str) -> str:
    """Say what type something is of, as CEL's own documentation writes it."""
    return name.lower().partition("<")[0].removeprefix("google.protobuf.")
