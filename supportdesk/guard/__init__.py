"""The secret guard: finds keys and seed phrases in people's text and takes them out before anything stores it.

Pure: no models, no settings, no clock. Every action that stores people's text calls `clean`; `findings` only looks.
Detectors with a checksum or an unmistakable frame live here; those that judge by context come with the trust work.
"""

from supportdesk.guard.intake import Cleaned, clean, findings
from supportdesk.guard.spans import Finding, Kind

__all__ = ["Cleaned", "Finding", "Kind", "clean", "findings"]
