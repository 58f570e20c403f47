"""A mail in each provider's own post, through the real view, becomes what it becomes by any other door."""

import tracemalloc

import pytest

from tests.tickets.channels import raw, recipes
from tests.tickets.channels.hooks import SENDER, Post, mailgun, postal, postmark, sendgrid
from tests.tickets.channels.hooks.each import FILE, every_way, whoever_sends_it_whole
from tickets.channels import hooks, inbox
from tickets.channels.enums import Outcome
from tickets.channels.models import IncomingMail

pytestmark = pytest.mark.django_db


@every_way
def test_an_answer_is_on_its_ticket_with_its_file(use, client, ticket, provider, write):
    use(provider)
    to = inbox.reply_address(ticket)
    post = write(raw.mail("By the hook — お願いします.", to=to, files=(FILE,)), to=to)
    assert post.by(client).status_code == 200
    added = ticket.messages.last()
    assert (added.body, added.author) == ("By the hook — お願いします.", ticket.requester)
    assert [file.name for file in added.attachments.all()] == ["note.txt"]


@every_way
def test_a_mail_without_a_token_is_a_new_request(use, client, trader, provider, write):
    use(provider)
    assert write(raw.mail(), to="help@support.example").by(client).status_code == 200
    row = IncomingMail.objects.get()
    assert (row.outcome, row.ticket.subject) == (Outcome.NEW_TICKET, "About my transfer")


@every_way
def test_without_a_pass_of_our_own_server_nothing_is_added(use, client, ticket, provider, write):
    use(provider)
    to = inbox.reply_address(ticket)
    for results in ("", raw.FAIL, raw.PASS.replace("mx.support.example", "mx.evil.example")):
        assert write(raw.mail("Not Toma.", to=to, results=results), to=to).by(client).status_code == 200
    assert ticket.messages.count() == 1
    assert set(IncomingMail.objects.values_list("outcome", flat=True)) == {Outcome.HELD}


def test_pieces_of_which_nobody_knows_where_the_sender_stood_are_held(use, client, ticket):
    """Postmark takes From out of the headers, so that what our own server wrote above it cannot be told."""
    use(postmark)
    to = inbox.reply_address(ticket)
    assert postmark.apart(raw.mail(to=to, files=(FILE,)), to=to).by(client).status_code == 200
    assert (IncomingMail.objects.get().outcome, ticket.messages.count()) == (Outcome.HELD, 1)


@every_way
def test_the_same_post_again_has_no_effect(use, client, ticket, provider, write):
    use(provider)
    to = inbox.reply_address(ticket)
    post = write(raw.mail(to=to), to=to)
    assert [post.by(client).status_code for _ in range(3)] == [200] * 3
    assert ticket.messages.count() == 2
    assert IncomingMail.objects.get().copies == 2


@whoever_sends_it_whole
def test_a_mail_that_came_by_another_door_is_the_same_mail(use, client, ticket, provider):
    use(provider)
    to = inbox.reply_address(ticket)
    content = raw.mail(to=to)
    use(postal)
    postal.mail(content, to=to).by(client)
    use(provider)
    provider.mail(content, to=to).by(client)
    assert IncomingMail.objects.get().copies == 1


@whoever_sends_it_whole
@pytest.mark.parametrize("recipe", [{"recipe": "deep_mime", "n": 3000}, {"recipe": "long_header", "bytes": 2_000_000}])
def test_a_hostile_mail_is_kept_as_by_any_other_door(use, client, ticket, provider, recipe):
    use(provider)
    to = inbox.reply_address(ticket)
    content = recipes.generate(**recipe, **{"from": "toma@example.com", "to": to})
    assert provider.mail(content, to=to).by(client).status_code == 200
    row = IncomingMail.objects.get()
    assert (row.outcome, row.sealed is not None) == (Outcome.FAILED, True)


# Large and strange ones


@whoever_sends_it_whole
def test_a_mail_of_twenty_megabytes_is_taken(use, client, ticket, provider):
    use(provider)
    to = inbox.reply_address(ticket)
    film = ("film.bin", "application/octet-stream", b"\0" * 15_000_000)
    content = raw.mail("With a film.", to=to, files=(film,))
    assert len(content) > 20_000_000
    assert provider.mail(content, to=to).by(client).status_code == 200
    assert ticket.messages.last().body.startswith("With a film.")


def test_a_letter_of_many_megabytes_in_pieces_is_taken(use, client, trader):
    use(sendgrid)
    post = sendgrid.apart(raw.mail("About a log.\n" + "line of a log\n" * 300_000), to="help@support.example")
    assert len(post.body) > 4_000_000
    assert post.by(client).status_code == 200
    assert IncomingMail.objects.get().outcome == Outcome.NEW_TICKET


@pytest.mark.parametrize(
    ("charset", "words"), [("gb18030", "充值未到账"), ("koi8-r", "Вывод не пришёл"), ("UTF-8", "入金")]
)
def test_pieces_are_read_in_their_own_charset(use, client, trader, charset, words):
    use(sendgrid)
    post = sendgrid.apart(raw.mail(), to="help@support.example", charset=charset, text=words.encode(charset))
    assert post.by(client).status_code == 200
    assert IncomingMail.objects.get().message.body == words


@pytest.mark.parametrize("name", ["..", ".", "", "../../etc/passwd", "C:\\x\\note.txt", "a\u202egpj.exe", "x" * 3000])
def test_the_name_of_a_file_keeps_no_mail_away(use, client, trader, name):
    use(mailgun)
    for write in (mailgun.apart, sendgrid.apart):
        use(mailgun if write is mailgun.apart else sendgrid)
        fields = write(raw.mail(files=(FILE,)), to="help@support.example")
        body = fields.body.replace(b'filename="note.txt"', f'filename="{name}"'.encode())
        assert Post(body, fields.type, fields.headers).by(client).status_code == 200
    assert {row.outcome for row in IncomingMail.objects.all()} <= {Outcome.NEW_TICKET, Outcome.DUPLICATE}


@pytest.mark.parametrize(
    "content", [raw.mail("50% + 1 = 你好 \xa0&;"), raw.mail("Ol\xe1").replace(b"\xc3\xa1", b"\xe1")]
)
def test_a_form_without_parts_holds_the_same_bytes(use, client, trader, monkeypatch, content):
    use(mailgun)
    taken = []
    monkeypatch.setattr(hooks, "receive", lambda found, **about: taken.append((found, about["envelope"].sender)))
    assert mailgun.mail_without_parts(content, to="help@support.example").by(client).status_code == 200
    assert taken == [(content, SENDER)]


def test_a_large_form_without_parts_takes_no_more_memory_than_a_few_of_its_size(use, client, monkeypatch):
    use(mailgun)
    monkeypatch.setattr(hooks, "receive", lambda found, **about: None)
    post = mailgun.mail_without_parts("你好".encode() * 200_000, to="help@support.example")
    tracemalloc.start()
    assert post.by(client).status_code == 200
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 12 * len(post.body)
