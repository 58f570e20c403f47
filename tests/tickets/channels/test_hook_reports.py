"""Mails of the corpus by each provider that sends them whole: bytes that are no Unicode, and reports of our own mails;
what a provider tells of those by itself is no mail."""

import pytest

from tests.tickets.channels import corpus, recipes
from tests.tickets.channels.hooks import mailersend, postmark
from tests.tickets.channels.hooks.each import every_provider, whoever_sends_it_whole
from tickets.channels.enums import MailKind, Outcome, Sent
from tickets.channels.models import DeadAddress, IncomingMail, OutgoingMail

pytestmark = pytest.mark.django_db


def of_corpus(world, name: str) -> bytes:
    return world.raw({"file": name})


@whoever_sends_it_whole
@pytest.mark.parametrize("name", ["018-netease-163-gbk.eml", "023-thunderbird-koi8r-ru.eml", "082-raw-gbk-subject.eml"])
def test_bytes_that_are_no_unicode_lose_no_mail(use, client, world, provider, name):
    use(provider)
    entry = next(found for found in recipes.entries() if found.get("file") == name)
    sender, to = world.sent_as(entry)
    assert provider.mail(world.raw(entry), sender=sender, to=to[0]).by(client).status_code == 200
    row = IncomingMail.objects.get()
    assert row.outcome == entry["outcome"]
    if provider not in (mailersend, postmark):  # which have to write in JSON what is no Unicode
        world.mails = []
        assert list(corpus.problems(entry, world, row, corpus.standing(world))) == []


@whoever_sends_it_whole
@pytest.mark.parametrize(
    ("name", "is_lost"),
    [("132-bounce-postfix.eml", True), ("135-bounce-delayed.eml", False), ("137-bounce-forged-foreign-id.eml", False)],
)
def test_a_report_marks_our_mail_where_it_is_lost_for_good(use, client, world, provider, name, is_lost):
    use(provider)
    content = of_corpus(world, name)
    assert provider.mail(content, sender="", to="help@support.example").by(client).status_code == 200
    sent = OutgoingMail.objects.get(ticket=world.a, kind=MailKind.ANSWERED)
    assert (sent.state == Sent.BOUNCED, sent.bounced_at is not None) == (is_lost, is_lost)
    assert list(DeadAddress.objects.values_list("address", flat=True)) == (["toma@example.com"] if is_lost else [])
    assert world.a.messages.public().count() == 2


@whoever_sends_it_whole
def test_a_complaint_is_no_request(use, client, world, provider):
    use(provider)
    before = corpus.public_words()
    post = provider.mail(
        of_corpus(world, "140-abuse-report-arf.eml"), sender="feedback@isp.example", to="help@support.example"
    )
    assert post.by(client).status_code == 200
    assert IncomingMail.objects.get().outcome in (Outcome.QUARANTINED, Outcome.AUTO_REPLY, Outcome.BOUNCE)
    assert corpus.public_words() == before
    assert not DeadAddress.objects.exists()


@every_provider
def test_what_a_provider_tells_of_mails_that_went_out_is_no_mail(use, client, world, provider):
    use(provider)
    posts = provider.reports()
    assert len(posts) >= 4
    assert {post.by(client).status_code for post in posts} == {400}
    assert not IncomingMail.objects.exists()
    assert not DeadAddress.objects.exists()
