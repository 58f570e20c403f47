"""What comes to the webhook and is not its provider's, or not as its provider describes it, has no effect; and nothing
is said to be stored that is not."""

import time

import pytest
import requests

from tests.tickets.channels import raw
from tests.tickets.channels.hooks import BASIC, Post, brevo, mailersend, mailgun, mailjet, postal, sendgrid, sparkpost
from tests.tickets.channels.hooks.each import ALL, FILE, every_provider, named, whoever_sends_it_whole
from tickets.channels import hooks, inbox, provider_views, providers
from tickets.channels.actions.receiving import TryAgain
from tickets.channels.enums import Outcome
from tickets.channels.models import IncomingMail
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


# Whose post it is


@every_provider
def test_without_the_secret_nothing_is_taken(use, client, ticket, provider):
    use(provider)
    to = inbox.reply_address(ticket)
    post = provider.mail(raw.mail(to=to), to=to)
    ours = BASIC["HTTP_AUTHORIZATION"]
    for said in ("", "Basic", "Basic !", ours[:-4], ours.replace("Basic", "Bearer"), "Basic w6TDtg=="):
        headers = {**post.headers, "HTTP_AUTHORIZATION": said}
        assert Post(post.body, post.type, headers).by(client).status_code == 401
    assert ticket.messages.count() == 1
    assert not IncomingMail.objects.exists()


SIGNING = (mailersend, mailgun, postal)


@pytest.mark.parametrize("provider", SIGNING, ids=named)
@pytest.mark.parametrize("key", [None, "another key"])
def test_without_the_providers_signature_nothing_is_taken(use, client, ticket, provider, key):
    use(provider)
    to = inbox.reply_address(ticket)
    assert provider.mail(raw.mail(to=to), to=to, key=key).by(client).status_code == 401
    assert {post.by(client).status_code for post in provider.reports(key=key)} == {401}
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("provider", [mailersend, postal], ids=named)
@pytest.mark.parametrize("said", ["", "x", "é", "=", "00" * 32])
def test_a_signature_that_is_none_is_refused(use, client, provider, said):
    use(provider)
    post = provider.mail(raw.mail(), to="help@support.example")
    name = next(name for name in post.headers if name.endswith("SIGNATURE"))
    assert Post(post.body, post.type, {**post.headers, name: said}).by(client).status_code == 401


@pytest.mark.parametrize("provider", [mailersend, postal], ids=named)
def test_a_signature_holds_for_the_mail_that_was_signed(use, client, ticket, provider):
    use(provider)
    to = inbox.reply_address(ticket)
    one, other = (provider.mail(raw.mail(text, to=to), to=to) for text in ("One.", "Other."))
    assert Post(other.body, other.type, one.headers).by(client).status_code == 401
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("more", [{"timestamp": "soon"}, {"timestamp": "é"}, {"token": "é"}, {"signature": "é"}])
def test_a_form_whose_signature_is_for_something_else_is_refused(use, client, more):
    use(mailgun)
    assert mailgun.mail(raw.mail(), to="help@support.example", **more).by(client).status_code == 401


def test_a_form_that_was_signed_yesterday_is_refused(use, client, ticket):
    use(mailgun)
    to = inbox.reply_address(ticket)
    for hours, status in ((-24, 401), (24, 401), (-8, 200)):  # Mailgun comes again for eight hours
        post = mailgun.mail(raw.mail(to=to), to=to, at=time.time() + hours * 3600)
        assert post.by(client).status_code == status


@pytest.mark.parametrize("provider", [one for one in ALL if one.KEY], ids=named)
def test_without_its_key_it_is_off(use, client, settings, provider):
    use(provider)
    settings.MAIL_WEBHOOK_KEY = ""
    assert provider.mail(raw.mail(), to="help@support.example").by(client).status_code == 404


def test_somebody_who_looks_whether_anybody_is_there_is_told_so(use, client):
    use(mailjet)
    assert client.head("/hooks/mail/").status_code == 200


# Posts that are not as they should be


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"4711",
    b'"words"',
    b"{}",
    b"\xff\xfe",
    b"[" * 100_000,
    b'[{"msys": 1}]',
    b'{"items": 1}',
]


@every_provider
@pytest.mark.parametrize("body", BROKEN, ids=lambda body: body[:12].decode("latin-1"))
def test_what_cannot_be_read_is_never_said_to_be_stored(use, client, provider, body):
    use(provider)
    for kind in (
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "multipart/form-data",
    ):
        answer = Post(body, kind).by(client)
        told = [400, 401, providers.PROVIDERS[named(provider)].again]
        if (provider, body) == (sparkpost, b"[]"):
            told.append(200)  # it asks whether somebody is there
        assert answer.status_code in told, kind
    assert not IncomingMail.objects.exists()


FORMS = (mailgun, sendgrid)


@pytest.mark.parametrize("provider", FORMS, ids=named)
def test_a_form_that_was_cut_off_comes_again(use, client, ticket, provider):
    use(provider)
    to = inbox.reply_address(ticket)
    post = provider.mail(raw.mail("The whole of it.", to=to), to=to)
    for end in (len(post.body) // 2, post.body.index(b"whole"), len(post.body) - 30):
        assert Post(post.body[:end], post.type).by(client).status_code in (401, 503)
    assert not IncomingMail.objects.exists()
    assert post.by(client).status_code == 200


@pytest.mark.parametrize("provider", [mailersend, postal, sparkpost], ids=named)
def test_a_post_that_ends_before_its_length_comes_again(use, rf, provider):
    use(provider)
    post = provider.mail(raw.mail(), to="help@support.example")
    request = rf.generic("POST", "/hooks/mail/", post.body, content_type=post.type, **post.headers)
    request.META["CONTENT_LENGTH"] = str(len(post.body) + 1)
    assert hooks.mail(request).status_code == providers.PROVIDERS[named(provider)].again
    assert not IncomingMail.objects.exists()


def test_a_post_that_is_too_large_is_refused_whether_or_not_it_says_so(use, client, rf, monkeypatch):
    use(postal)
    monkeypatch.setattr(hooks, "LARGEST", 300)
    post = postal.mail(raw.mail("x" * 300), to="help@support.example")
    assert post.by(client).status_code == 413
    request = rf.generic("POST", "/hooks/mail/", post.body, content_type=post.type, **post.headers)
    del request.META["CONTENT_LENGTH"]
    assert hooks.mail(request).status_code == 413


@whoever_sends_it_whole
def test_a_signed_post_without_a_mail_in_it_comes_again(use, client, provider):
    use(provider)
    answer = provider.mail(b"", to="help@support.example").by(client)
    assert answer.status_code in (200, providers.PROVIDERS[named(provider)].again)
    if answer.status_code == 200:
        assert IncomingMail.objects.get().outcome == Outcome.FAILED


@pytest.mark.parametrize("provider", [brevo, sparkpost], ids=named)
def test_of_several_mails_one_that_is_broken_keeps_none_back(use, client, ticket, provider):
    use(provider)
    to = inbox.reply_address(ticket)
    mails = [raw.mail("First.", to=to), None, raw.mail("Last.", to=to, message_id="<two@example.com>")]
    post = provider.several(mails, to=to)
    assert [post.by(client).status_code for _ in range(2)] == [503, 503]  # and again when it comes again
    assert list(ticket.messages.values_list("body", flat=True))[1:] == ["First.", "Last."]
    assert provider.several([mails[0], mails[2]], to=to).by(client).status_code == 200
    assert ticket.messages.count() == 3


@every_provider
def test_where_nothing_can_be_stored_the_provider_is_to_come_again(use, client, ticket, provider, monkeypatch):
    use(provider)
    to = inbox.reply_address(ticket)
    post = provider.mail(raw.mail(to=to), to=to)

    def away(*_, **__):
        raise TryAgain("OperationalError")

    with monkeypatch.context() as patch:
        patch.setattr("tickets.channels.hooks.receive", away)
        assert post.by(client).status_code == providers.PROVIDERS[named(provider)].again
    assert post.by(client).status_code == 200
    assert ticket.messages.count() == 2


def test_postal_is_never_told_of_an_error_of_ours():
    """It tells the sender at once that the mail cannot be delivered."""
    assert providers.PROVIDERS["postal"].again < 500


def test_a_file_that_the_provider_does_not_hand_out_brings_the_mail_again(use, client, trader, monkeypatch):
    use(brevo)
    post = brevo.mail(raw.mail(files=(FILE,)), to="help@support.example")

    def away(url, **_):
        raise requests.ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(provider_views.requests, "get", away)
        assert post.by(client).status_code == 503
    assert not IncomingMail.objects.exists()
    assert post.by(client).status_code == 200


@pytest.fixture
def answered(use, monkeypatch):
    """Set brevo up, which answers with a status when it is asked for a file."""

    def set_up(status: int) -> None:
        use(brevo)
        answer = requests.Response()
        answer.status_code, answer._content = status, b'{"message": "why"}'
        monkeypatch.setattr(provider_views.requests, "get", lambda url, **_: answer)

    return set_up


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_the_provider_no_longer_has_keeps_no_words_back(answered, client, trader, status):
    answered(status)
    post = brevo.mail(raw.mail("See the picture.", files=(FILE,)), to="help@support.example")
    assert post.by(client).status_code == 200
    message = Ticket.objects.get().messages.get()
    assert message.body.startswith("See the picture.")
    assert f"The file {FILE[0]} is empty" in message.body
    assert not message.attachments.exists()


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_file_that_the_provider_may_hand_out_later_is_waited_for(answered, client, trader, status):
    answered(status)
    assert brevo.mail(raw.mail(files=(FILE,)), to="help@support.example").by(client).status_code == 503
    assert not IncomingMail.objects.exists()
