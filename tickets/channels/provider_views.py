"""anymail's views of providers, where they fall short. Loaded when a mail comes from one of these providers."""

import logging
from typing import Any
from urllib.parse import quote, urljoin

import requests
from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView

logger = logging.getLogger(__name__)

BRIEFLY = 20  # seconds that a provider has to hand out a file
GONE = (404, 410)


class Brevo(BrevoInboundWebhookView):
    """A provider that does not answer holds nobody up, and is asked nowhere else. A file that it no longer has is an
    empty one, which the mail says then: its words do not wait for what never comes."""

    def _fetch_attachment(self, attachment: dict[str, Any]) -> AnymailInboundMessage:
        url = urljoin(self.api_url, f"inbound/attachments/{quote(attachment['DownloadToken'], safe='')}")
        response = requests.get(url, headers={"api-key": self.api_key}, timeout=BRIEFLY, allow_redirects=False)
        is_gone = response.status_code in GONE
        if is_gone:
            logger.warning("A file of a mail is not there any more, says its provider (%d)", response.status_code)
        else:
            response.raise_for_status()
        return AnymailInboundMessage.construct_attachment(
            content_type=(not is_gone and response.headers.get("Content-Type")) or attachment["ContentType"],
            content=b"" if is_gone else response.content,
            filename=attachment.get("Name"),
            content_id=attachment.get("ContentID"),
        )


class SendGrid(AnymailBaseWebhookView):
    """anymail's own warns at each post that nobody tries it any more."""

    esp_name = "SendGrid"
    message_from_sendgrid_parsed = SendGridInboundWebhookView.message_from_sendgrid_parsed


class SparkPost(AnymailBaseWebhookView):
    """anymail's own refuses a whole post where one mail in it has bytes that are no UTF-8."""

    esp_name = "SparkPost"
