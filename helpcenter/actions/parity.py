"""Whether a translation says the same figures and names as its source. Filled by the parity gate."""

from helpcenter.models import Revision


def refuse_differences(revision: Revision) -> None:
    """Refuse a translation that differs from its source. Raises NotPublishable."""
