"""Watches the places that matter to somebody and tells them, once, about each new thing that matches."""

__version__ = "0.1.0"
