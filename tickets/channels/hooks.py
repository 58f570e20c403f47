"""Mail that comes in by a provider's webhook. Off without a provider, a secret, and a key where the provider signs."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tickets.channels import providers
from tickets.channels.actions.receiving import TryAgain, receive
from tickets.channels.providers import NOT_AS_DESCRIBED, NoMail, Provider, Reader, Refused

logger = logging.getLogger(__name__)

LARGEST = 36 * 1024 * 1024  # bytes of a post: a mail of 25 MB in base64


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """`POST /hooks/mail/`: 200 when all mails in it are stored; where one could not be, a status at which the provider
    sends the post again, and those that are stored are known then."""
    provider = providers.configured()
    if provider is None:
        raise Http404
    if request.method == "HEAD":  # some providers look whether somebody is there
        return HttpResponse()
    if not providers.has_secret(request):
        return HttpResponse(status=401)
    return HttpResponse(status=_answer(provider, request))


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


def _answer(provider: Provider, request: HttpRequest) -> int:
    """The status for a post of somebody who knows the secret."""
    if (said := _length(request)) > LARGEST:
        return _too_large(said)
    try:
        body = request._body = request.read(LARGEST + 1)  # the site's own limit is for forms
        if len(body) > LARGEST:  # of one that did not say how long it is
            return _too_large(len(body))
        if len(body) < said:
            raise OSError("cut off")
        readers = provider.open(request)
    except Refused as error:
        logger.warning("A post at the mail webhook is not signed by the provider (%s)", error)
        return 401
    except NoMail as error:
        logger.warning("The mail webhook takes mails alone, and was told of something else (%s)", error)
        return 400
    except (OSError, *NOT_AS_DESCRIBED) as error:
        _tell(error)
        return provider.again
    is_stored = [_take(reader) for reader in readers]
    return 200 if all(is_stored) else provider.again


def _too_large(size: int) -> int:
    logger.warning("A mail of %d bytes was refused at the webhook", size)
    return 413


def _take(reader: Reader) -> bool:
    """Store one mail; whether that could be done."""
    try:
        posted = reader()
    except (OSError, *NOT_AS_DESCRIBED) as error:
        _tell(error)
        return False
    try:
        receive(posted.raw, envelope=posted.envelope)
    except TryAgain:
        return False
    return True


def _tell(error: Exception) -> None:
    """The kind of the error alone, as its words may be a mail's."""
    what = "did not arrive whole" if isinstance(error, OSError) else "is not as its provider describes it"
    logger.error("A post at the mail webhook %s (%s)", what, type(error).__name__)
