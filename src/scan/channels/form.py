"""The forms of messages."""

from typing import Literal

Form = Literal["text", "html"]
"""What a kind of channel may have a template for."""
