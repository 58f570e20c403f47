"""Mail that comes in by a provider's webhook, as django-anymail reads it. Off without a provider and a secret."""

import logging
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from supportdesk.ui.uploads import InMemoryUpTo
from tickets.channels.actions.receiving import Envelope, TryAgain, receive

logger = logging.getLogger(__name__)

LARGEST = 36 * 1024 * 1024  # bytes of a post: a mail of 25 MB in base64
PROVIDERS = {
    "brevo": "anymail.webhooks.brevo.BrevoInboundWebhookView",
    "mailersend": "anymail.webhooks.mailersend.MailerSendInboundWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunInboundWebhookView",
    "mailjet": "anymail.webhooks.mailjet.MailjetInboundWebhookView",
    "postal": "anymail.webhooks.postal.PostalInboundWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkInboundWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridInboundWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostInboundWebhookView",
}


class _Taker:
    """Stands where anymail would tell its listeners, so that the answer waits until the mail is stored."""

    def send(self, *, sender: Any, event: Any, esp_name: str) -> None:
        if event.message is None:
            return
        to = event.message.envelope_recipient
        said = Envelope(event.message.envelope_sender, (to,) if to else ())
        receive(event.message.as_bytes(), envelope=said)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponseBase:
    """`POST /hooks/mail/`: 200 when the mail is stored, 503 when nothing can be; the provider sends it again."""
    name = PROVIDERS.get(settings.MAIL_WEBHOOK_PROVIDER)
    if name is None or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    if (said := int(request.META.get("CONTENT_LENGTH") or 0)) > LARGEST:
        logger.warning("A mail of %d bytes was refused at the webhook", said)
        return HttpResponse(status=413)
    request.upload_handlers = [InMemoryUpTo(request, most=LARGEST, largest=LARGEST)]
    if request.content_type == "application/json":
        request._body = request.read(LARGEST)  # the site's own limit is for forms
    try:
        answer: HttpResponseBase = import_string(name).as_view(signal=_Taker())(request)
    except TryAgain:
        return HttpResponse(status=503)
    return answer
