"""The site that the access matrix asks: the drill's people, and of each thing that an address may name one that is
there. Things have names (`macro.own`), which the table writes where an address or a form holds their number."""

from http.cookies import SimpleCookie

from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from helpcenter.actions.announcing import AnnouncementText, save_announcement
from helpcenter.models import Announcement, Article, Contract
from helpcenter.views.articles import stamp
from supportdesk.accounts import scopes, tokens
from supportdesk.accounts.models import Notice, User
from supportdesk.management import drill
from supportdesk.releases.models import ShippedRow
from tests.helpcenter.contracts import make_contract
from tests.rows import row_of
from tests.tickets.factories import MacroFactory, TicketFactory, answered
from tickets import links
from tickets.actions import assigning, attaching, consulting
from tickets.attachments import examine
from tickets.enums import Status
from tickets.models import (
    ArticleChange,
    BulkRecipient,
    BulkSend,
    Incident,
    PendingRequest,
    SavedView,
    SideConversation,
    Ticket,
)
from tickets.portal.doors import UPLOADER

# Column of the table -> role of the drill contract
ROLES = {
    "anonymous": None,
    "owner": "customer_a",
    "other": "customer_b",
    "colleague": "org_mate",
    "agent_elsewhere": "agent_other",
    "agent": "agent",
    "lead": "lead",
    "officer": "vault_officer",
    "editor": "editor",
    "translator": "translator",
    "administrator": "admin",
}
SLUG = "drill-published"  # of an article, an incident, an announcement
People = dict[str, User]


class DrillSite:
    """Who may come, each with a session and, for programs, a token of their own with all that they may give away; what
    there is, by its name. `things` are written as an address or a form holds them."""

    def __init__(self) -> None:
        seeded = drill.seed()
        users = {user.email: user for user in User.objects.all()}
        self.people = {column: users[seeded["users"][role]["email"]] for column, role in ROLES.items() if role}
        tickets = [Ticket.objects.get(public_id=ticket["public_id"]) for ticket in seeded["tickets"]]
        self.things = _of_desk(self.people, tickets) | _of_incidents(tickets[0]) | _of_readers() | _others(self.people)
        self.sessions = {column: self._cookies(column) for column in ROLES}
        self.keys = {column: _key(person) for column, person in self.people.items()}

    def _cookies(self, column: str) -> SimpleCookie:
        """Of somebody's session, which each request finds as it was. The owner has also sent a request as a guest."""
        client = Client()
        if column in self.people:
            client.force_login(self.people[column], backend="supportdesk.accounts.backends.RightsBackend")
        if column == "owner":
            session = client.session
            session["pending"], session[UPLOADER] = [self.things["pending"]], "drill-uploader"
            session.save()
        return client.cookies


def _key(person: User) -> str:
    return tokens.make_token(person, "Drill", [name for name, _ in scopes.offered_to(person)]).key


def _of_desk(people: People, tickets: list[Ticket]) -> dict[str, str]:
    """`ticket` is the owner's, in the department of `agent`; `elsewhere` is of the other customer, in that of
    `agent_elsewhere`; `front` is the colleague's, and nobody has it yet; `solved` is as `ticket`, but at its end."""
    ticket, front, elsewhere = tickets[0], tickets[4], tickets[5]
    ticket.refresh_from_db()
    assert ticket.department is not None
    assert elsewhere.department != ticket.department
    solved = TicketFactory(by=people["owner"])
    assigning.transfer(solved, ticket.department, by=people["lead"])
    solved = answered(solved, by=people["agent"], then=Status.SOLVED)
    asked = consulting.ask_department(
        ticket, ticket.department, by=people["agent"], subject="Which hash?", body="Is it known?"
    )
    view = SavedView.objects.create(name="Mine", query="", owner=people["agent"])
    return {
        "ticket": ticket.public_id,
        "version": str(Ticket.objects.get(pk=ticket.pk).version),
        "front": front.public_id,
        "elsewhere": elsewhere.public_id,
        "elsewhere.version": str(Ticket.objects.get(pk=elsewhere.pk).version),
        "solved": solved.public_id,
        "solved.version": str(solved.version),
        "file": _file_on(ticket),
        "file.elsewhere": _file_on(elsewhere),
        "held": str(ticket.messages.get(delivery="held").pk),
        "question": str(asked.pk),
        "question.front": str(SideConversation.objects.get(ticket=tickets[1]).pk),
        "macro": str(MacroFactory().pk),
        "macro.own": str(MacroFactory(owner=people["agent"]).pk),
        "view": str(view.pk),
        "view.shared": str(SavedView.objects.create(name="Everybody's", query="").pk),
        "topic": ticket.topic.key,
        "person": str(people["agent"].pk),
        "email": people["agent"].email,
    }


def _file_on(ticket: Ticket) -> str:
    message = ticket.messages.order_by("pk").first()
    with attaching.stored([examine("list.txt", b"a list")]) as files:
        attaching.attach(files, by=ticket.requester, ticket=ticket, message=message)
    return str(files[0].public_id)


def _of_incidents(ticket: Ticket) -> dict[str, str]:
    """An incident with a public page, and an answer to many that waits for approval."""
    text = {"en": AnnouncementText("Drill", "It is over.", "")}
    page = save_announcement(Announcement(slug=SLUG, published_at=timezone.now()), text, by=None)
    incident = Incident.objects.create(slug=SLUG, title="Drill", started_at=timezone.now(), announcement=page)
    send = BulkSend.objects.create(incident=incident, version=1, sample=[ticket.pk])
    BulkRecipient.objects.create(
        send=send, incident=incident, version=1, ticket=ticket, language="en", ticket_version=ticket.version
    )
    return {"send": str(send.pk)}


def _of_readers() -> dict[str, str]:
    article = Article.objects.get(slug=SLUG)
    contract = Contract.objects.order_by("pk").first() or make_contract()
    change = row_of(ArticleChange)
    ArticleChange.objects.filter(pk=change.pk).update(article=article, language="en")
    wording = ShippedRow.objects.create(kind="tickets.macro", key="drill", offered={"name": "Drill"})
    return {
        "wording": str(wording.pk),
        "article": str(article.pk),
        "content_type": str(ContentType.objects.get_for_model(Article).pk),
        "category": article.category.slug,
        "contract": contract.slug,
        "stamp": stamp(article, "en"),
        "change": str(change.pk),
    }


def _others(people: People) -> dict[str, str]:
    pending = PendingRequest.objects.create(
        email="guest@example.com", topic=Ticket.objects.first().topic, subject="Late", body="It is late.", language="en"
    )
    own = tokens.make_token(people["owner"], "Own", ["tickets:read"]).token
    notice = Notice.objects.create(person=people["agent"], kind="drill", subject="Drill", link="/desk/", event="drill")
    return {
        "notice": str(notice.pk),
        "pending": pending.public_id,
        "link": links.make(links.PROVE, pending.public_id),
        "token": str(own.pk),
    }
