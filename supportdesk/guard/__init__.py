"""The secret guard: finds keys and seed phrases in people's text and takes them out before anything stores it, and
finds in our own texts what nobody may ask a person for.

Pure: no models, no settings, no clock. Every action that stores people's text calls `clean`; `findings` only looks.
Every action that sends a text of ours refuses what `asks_secret` finds.
"""

from supportdesk.guard.asking import asks_document, asks_secret
from supportdesk.guard.intake import Cleaned, clean, clean_json, cut, findings
from supportdesk.guard.spans import Asked, Finding, Kind

__all__ = [
    "Asked", "Cleaned", "Finding", "Kind", "asks_document", "asks_secret", "clean", "clean_json", "cut", "findings",
]  # fmt: skip
