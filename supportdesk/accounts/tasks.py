"""What time does to accounts; the scheduler starts these."""

from django_tasks import task

from supportdesk.accounts import kept_keys


@task()
def forget_kept_keys() -> int:
    """Forget the keys of requests that nobody sends again."""
    return kept_keys.forget()
