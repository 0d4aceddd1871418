"""How hard property tests look: a glance at every change, thoroughly where `CI` is set."""

import os

from hypothesis import settings

settings.register_profile("glance", max_examples=12, deadline=None)
settings.register_profile("thorough", max_examples=100, deadline=None)
settings.load_profile("thorough" if os.environ.get("CI") else "glance")
