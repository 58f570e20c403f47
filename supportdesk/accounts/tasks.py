"""What the scheduler starts for people."""

from django_tasks import task

from supportdesk.accounts import idempotency, sessions
from supportdesk.accounts.digests import send_digests


@task()
def digests() -> int:
    """Mail each person whose hour has come what they want to hear once a day."""
    return send_digests()


@task()
def forget_kept_keys() -> int:
    """Forget idempotency keys so old that no program sends their request again."""
    return idempotency.forget()


@task()
def forget_sessions() -> int:
    """Forget sessions that have ended, and from where they were used."""
    return sessions.forget_ended()
