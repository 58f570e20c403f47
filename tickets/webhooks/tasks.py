"""What the scheduler starts for webhooks."""

from django_tasks import task

from tickets.webhooks import actions


@task()
def send_webhooks() -> int:
    """Send what is due."""
    return actions.send_due()


@task()
def forget_webhooks() -> int:
    """Forget what was taken long ago."""
    return actions.forget_sent()
