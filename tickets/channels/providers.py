"""What mail providers post when a mail has come in: whether it is theirs, and the mails in it.

A mail that a provider sends raw is taken byte for byte, so that it is the same by this door as by any other, and no
strange mail is lost between two programs that read it. Where a provider has taken it apart, django-anymail puts it
together again; its signatures are checked there, too.
"""

import json
import time
from base64 import b64decode
from binascii import a2b_qp
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import unquote as without_brackets
from functools import partial
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.crypto import constant_time_compare
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters
from django.utils.module_loading import import_string

from tickets.channels.actions.receiving import Envelope

MOST_FIELDS = 1000  # of a form
OLDEST = 10 * 3600  # seconds since a form was signed; Mailgun comes again for eight hours
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# What reading a post raises where it is not as its provider describes it.
NOT_AS_DESCRIBED = (LookupError, ValueError, TypeError, AttributeError, RecursionError)


class Refused(Exception):
    """The post is not the provider's: its signature is missing, wrong or old."""


class NoMail(Exception):
    """The post is the provider's, and tells of something else than a mail that has come in."""


@dataclass(frozen=True)
class Posted:
    """A mail in a post."""

    raw: bytes
    envelope: Envelope


Reader = Callable[[], Posted]


@dataclass(frozen=True)
class Provider:
    """`view` is the path of anymail's, which few sites need in their memory, `key` its name of the provider's key,
    `again` the status at which the provider comes again: 503, but for one that takes that for a refusal."""

    view: str
    mails: Callable[[Any, HttpRequest], Iterable[Reader]]
    key: str = ""
    again: int = 503

    def open(self, request: HttpRequest) -> list[Reader]:
        """A reader for each mail in a post whose body was read. Raises Refused, NoMail, and what `NOT_AS_DESCRIBED`
        names for a post that is no provider's; a reader raises that for its own mail."""
        if request.content_type in FORMS:
            _read_form(request)
        view = import_string(self.view)(**({self.key: settings.MAIL_WEBHOOK_KEY} if self.key else {}))
        try:
            view.run_validators(request)
        except (SuspiciousOperation, *NOT_AS_DESCRIBED) as error:
            raise Refused(type(error).__name__) from error
        return list(self.mails(view, request))


def configured() -> Provider | None:
    """The provider that the settings name. None without a name, without its secret, or without the key that its
    signatures need."""
    provider = PROVIDERS.get(settings.MAIL_WEBHOOK_PROVIDER)
    if provider is None or not settings.ANYMAIL.get("WEBHOOK_SECRET") or (provider.key and not _has_key()):
        return None
    return provider


def needs_key(name: str) -> bool:
    """Whether a provider is off because its key is missing."""
    return name in PROVIDERS and bool(PROVIDERS[name].key) and not _has_key()


def _has_key() -> bool:
    return bool(settings.MAIL_WEBHOOK_KEY)


def has_secret(request: HttpRequest) -> bool:
    """Whether a post names the user and the password that its address has."""
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    try:
        return scheme.lower() == "basic" and constant_time_compare(b64decode(said), settings.ANYMAIL["WEBHOOK_SECRET"])
    except ValueError:
        return False


# Forms: Django's own reader loses bytes that are no UTF-8 and takes two megabytes


@dataclass(frozen=True)
class _Field:
    name: str
    data: bytes
    file: str | None = None
    type: str = ""


def _read_form(request: HttpRequest) -> None:
    """Read a form of any size from the body, as bytes in `request.raw_fields` and as Django has it for anymail."""
    known: dict[str, bytes] = {}
    post: Any = QueryDict(mutable=True)
    files: MultiValueDict[str, Any] = MultiValueDict()
    for field in _fields(request):
        if field.file is None:
            known[field.name] = field.data
            post.appendlist(field.name, field.data.decode("utf-8", "replace"))
        else:
            files.appendlist(field.name, SimpleUploadedFile(_harmless(field.file), field.data, field.type))
    request.raw_fields, request._post, request._files = known, post, files  # type: ignore[attr-defined]


def _harmless(name: str) -> str:
    """A file's name without its folders; Django takes none that is empty or only dots."""
    name = name.replace("\\", "/").rpartition("/")[2]
    return name if name.strip(". ") else "file"


def _fields(request: HttpRequest) -> Iterator[_Field]:
    if request.content_type == "multipart/form-data":
        yield from _multipart(request.body, (request.content_params or {})["boundary"].encode("ascii"))
        return
    pairs = request.body.split(b"&", MOST_FIELDS)
    if len(pairs) > MOST_FIELDS:
        raise ValueError("too many fields")
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        yield _Field(_unquoted(name).decode("utf-8", "replace"), _unquoted(value))


def _unquoted(half: bytes) -> bytes:
    """`%E4` as a byte, by the reader of quoted-printable, which writes `=E4`: it is made in C. urllib's makes two
    objects for each, three gigabytes for a mail of twelve megabytes in Chinese."""
    return a2b_qp(half.replace(b"+", b" ").replace(b"=", b"%3D").replace(b"%", b"="))


def _multipart(body: bytes, boundary: bytes) -> Iterator[_Field]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FIELDS + 2)[1:]
    if len(pieces) > MOST_FIELDS:
        raise ValueError("too many fields")
    for piece in pieces:
        if piece.startswith(b"--"):
            return
        head, _, data = piece.partition(b"\r\n\r\n")
        about = dict(_head_lines(head))
        named = parse_header_parameters(about.get("content-disposition", ""))[1]
        if "name" in named:
            yield _Field(named["name"], data, named.get("filename"), about.get("content-type", ""))
    raise ValueError("cut off")


def _head_lines(head: bytes) -> Iterator[tuple[str, str]]:
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        yield name.strip().lower(), value.strip()


# The mails of each provider


def _as_bytes(raw: str) -> bytes:
    return raw.encode("utf-8", "replace")  # JSON can hold half a character


def _put_together(view: Any, event: Any) -> Posted:
    """A mail that the provider has taken apart."""
    message = view.esp_to_anymail_event(event).message
    to = message.envelope_recipient
    return Posted(_written(message), Envelope(message.envelope_sender, (to,) if to else ()))


def _written(message: Message) -> bytes:
    """The same bytes each time that a mail comes, where Python would draw other boundaries."""
    own = [part for part in message.walk() if part.get_content_maintype() == "multipart" and not part.get_boundary()]
    digest = ""
    for _ in range(2):
        for number, part in enumerate(own):
            part.set_boundary(f"part-{number}-{digest}")
        digest = sha256(message.as_bytes()).hexdigest()
    return message.as_bytes()


def _json(request: HttpRequest) -> Any:
    return json.loads(request.body)


def _brevo(view: Any, request: HttpRequest) -> list[Reader]:
    """https://developers.brevo.com/docs/inbound-parse-webhooks"""
    post = _json(request)
    if "items" not in post:
        raise NoMail(post.get("event"))
    return [partial(_put_together, view, item) for item in post["items"]]


def _mailersend(view: Any, request: HttpRequest) -> list[Reader]:
    """https://developers.mailersend.com/general/inbound-route"""
    post = _json(request)
    if post.get("type") != "inbound.message":
        raise NoMail(post.get("type"))
    return [partial(_of_mailersend, post["data"])]


def _of_mailersend(data: dict[str, Any]) -> Posted:
    to = tuple(one["email"] for one in data.get("recipients", {}).get("rcptTo", ()))
    return Posted(_as_bytes(data["raw"]), Envelope(data.get("sender", {}).get("email"), to))


def _mailgun(view: Any, request: HttpRequest) -> list[Reader]:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http"""
    if request.content_type not in FORMS or request.POST.get("event", "inbound") != "inbound":
        raise NoMail("of Mailgun")
    if abs(time.time() - int(request.POST["timestamp"])) > OLDEST:
        raise Refused("old")
    return [partial(_of_mailgun, view, request)]


def _of_mailgun(view: Any, request: Any) -> Posted:
    if "body-mime" not in request.raw_fields:
        return _put_together(view, request)
    to = request.POST.get("recipient")
    return Posted(request.raw_fields["body-mime"], Envelope(request.POST.get("sender"), (to,) if to else ()))


def _mailjet(view: Any, request: HttpRequest) -> list[Reader]:
    """https://dev.mailjet.com/email/guides/parse-api/"""
    post = _json(request)
    if isinstance(post, list) or "event" in post:
        raise NoMail("of Mailjet")
    if not post.get("Headers"):
        raise KeyError("Headers")
    return [partial(_put_together, view, post)]


def _postal(view: Any, request: HttpRequest) -> list[Reader]:
    """https://docs.postalserver.io/developer/http-payloads, raw and in JSON"""
    post = _json(request)
    if "event" in post or "status" in post:
        raise NoMail(post.get("event"))
    return [partial(_of_postal, post)]


def _of_postal(post: dict[str, Any]) -> Posted:
    raw = b64decode(post["message"]) if post.get("base64") else _as_bytes(post["message"])
    to = post.get("rcpt_to")
    return Posted(raw, Envelope(post.get("mail_from"), (to,) if to else ()))


def _postmark(view: Any, request: HttpRequest) -> list[Reader]:
    """https://postmarkapp.com/developer/webhooks/inbound-webhook"""
    post = _json(request)
    if post.get("RecordType", "Inbound") != "Inbound":
        raise NoMail(post["RecordType"])
    return [partial(_of_postmark, view, post)]


def _of_postmark(view: Any, post: dict[str, Any]) -> Posted:
    first, to = post["Headers"][0], post.get("OriginalRecipient")
    if "RawEmail" not in post:
        return _put_together(view, post)
    sender = without_brackets(first["Value"]) if first.get("Name", "").lower() == "return-path" else None
    return Posted(_as_bytes(post["RawEmail"]), Envelope(sender, (to,) if to else ()))


def _sendgrid(view: Any, request: HttpRequest) -> list[Reader]:
    """https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook"""
    if request.content_type not in FORMS:
        raise NoMail("of SendGrid")
    return [partial(_of_sendgrid, view, request)]


def _of_sendgrid(view: Any, request: Any) -> Posted:
    said = json.loads(request.POST.get("envelope", "{}"))
    envelope = Envelope(said.get("from"), tuple(said.get("to", ())))
    if "email" in request.raw_fields:
        return Posted(request.raw_fields["email"], envelope)
    if "headers" not in request.POST:
        raise KeyError("headers")
    return Posted(_written(view.message_from_sendgrid_parsed(request)), envelope)


def _sparkpost(view: Any, request: HttpRequest) -> list[Reader]:
    """https://developers.sparkpost.com/api/relay-webhooks/, posts of several mails; an empty one only asks whether
    somebody is there"""
    post = _json(request)
    if not isinstance(post, list):
        raise TypeError("no list")
    events = [event["msys"] for event in post if event["msys"]]
    if any("relay_message" not in event for event in events):
        raise NoMail("of SparkPost")
    return [partial(_of_sparkpost, event) for event in events]


def _of_sparkpost(event: dict[str, Any]) -> Posted:
    message = event["relay_message"]
    content, to = message["content"], message.get("rcpt_to")
    raw = content["email_rfc822"]
    return Posted(
        b64decode(raw) if content.get("email_rfc822_is_base64") else _as_bytes(raw),
        Envelope(message.get("msg_from"), (to,) if to else ()),
    )


_ANYMAIL = "anymail.webhooks"
_OURS = "tickets.channels.provider_views"
PROVIDERS = {
    "brevo": Provider(f"{_OURS}.Brevo", _brevo, key="api_key"),
    "mailersend": Provider(f"{_ANYMAIL}.mailersend.MailerSendInboundWebhookView", _mailersend, key="inbound_secret"),
    "mailgun": Provider(f"{_ANYMAIL}.mailgun.MailgunInboundWebhookView", _mailgun, key="webhook_signing_key"),
    "mailjet": Provider(f"{_ANYMAIL}.mailjet.MailjetInboundWebhookView", _mailjet),
    # At an error of ours Postal tells the sender at once that the mail cannot be delivered.
    "postal": Provider(f"{_ANYMAIL}.postal.PostalInboundWebhookView", _postal, key="webhook_key", again=429),
    "postmark": Provider(f"{_ANYMAIL}.postmark.PostmarkInboundWebhookView", _postmark),
    "sendgrid": Provider(f"{_OURS}.SendGrid", _sendgrid),
    "sparkpost": Provider(f"{_OURS}.SparkPost", _sparkpost),
}
