"""A row of each model that the admin shows, made as the product makes it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from helpcenter.enums import EventKind, FindingKind, Stage
from helpcenter.models import (
    Announcement,
    Article,
    CheckInterval,
    ContentEvent,
    ContentTask,
    FactKind,
    Feedback,
    Finding,
    GlossaryTerm,
    LinkHost,
    MemorySegment,
    Picture,
    PopularSearch,
    Region,
    Revision,
    SearchLog,
    SiteLanguage,
    Synonym,
    Tag,
    TeamMember,
)
from supportdesk.accounts import tokens
from supportdesk.accounts.models import User
from supportdesk.outbox.models import Outbox
from supportdesk.outbox.tasks import deliver
from supportdesk.releases.models import ShippedRow
from tests.helpcenter.contracts import make_contract
from tests.helpcenter.factories import ArticleFactory, keep_fact
from tickets import models as desk
from tickets.channels.models import DeadAddress, IncomingMail, OutgoingMail
from tickets.webhooks.models import Endpoint, Sending

NOTHING: dict[str, object] = {"policies": [], "calendars": {}}


def made(model: str) -> int:
    """A row of a model, through what makes it in the product; its number."""
    return MAKERS[model]().pk


def article() -> Article:
    return ArticleFactory(texts={"en": "Text."})


def revision() -> Revision:
    return article().revisions.get()


def agent() -> desk.Agent:
    return desk.Agent.objects.create(person=User.objects.first())


def topic() -> desk.Topic:
    return desk.Topic.objects.create(key="deposits", name_en="Deposits")


def ticket() -> desk.Ticket:
    return desk.Ticket.objects.create(requester=User.objects.first(), topic=topic(), subject="Coins", language="en")


def incident() -> desk.Incident:
    return desk.Incident.objects.create(slug="late", title="Late deposits", started_at=timezone.now())


def recipient() -> desk.BulkRecipient:
    send = desk.BulkSend.objects.create(incident=incident(), version=1)
    return desk.BulkRecipient.objects.create(
        send=send, incident=send.incident, version=1, ticket=ticket(), language="en"
    )


def event() -> desk.TicketEvent:
    return desk.TicketEvent.objects.create(ticket=ticket(), kind="created", to_status="new", version=1)


def endpoint() -> Endpoint:
    made = Endpoint(url="https://hooks.example.com/")
    made.secret = "whsec"
    made.save()
    return made


def shipped() -> ShippedRow:
    offered = {"language": "en", "words": "a, b"}
    return ShippedRow.objects.create(kind="helpcenter.synonym", key="en a|b", offered=offered)


def signal() -> desk.MarketSignal:
    source, now = desk.SignalSource.objects.create(name="risk"), timezone.now()
    return desk.MarketSignal.objects.create(source=source, key="k", kind="outage", level=1, at=now, until=now)


def feedback() -> Feedback:
    return Feedback.objects.create(article=article(), language="en", helpful=True, day=timezone.now())


# Model -> what makes a row of it: first of people, their mail and what every part of the product has.
ACCOUNTS: dict[str, Callable[[], Any]] = {
    "accounts.user": lambda: User.objects.create_user("somebody@example.com"),
    "accounts.apitoken": lambda: tokens.make_token(User.objects.first(), "x", ["tickets:read"]).token,
    "auth.group": lambda: Group.objects.get(name="Agents"),
    "django_tasks_database.dbtaskresult": lambda: deliver.enqueue().db_result,
    "outbox.outbox": lambda: Outbox.objects.create(event_kind="k", event_id=1, consumer="c", next_at=timezone.now()),
    "releases.shippedrow": shipped,
}

# Of the help centre.
HELP: dict[str, Callable[[], Any]] = {
    "helpcenter.article": article,
    "helpcenter.announcement": lambda: Announcement.objects.create(slug="news", title_en="News"),
    "helpcenter.category": lambda: article().category,
    "helpcenter.tag": lambda: Tag.objects.create(slug="tag"),
    "helpcenter.picture": lambda: Picture.objects.create(name="a.png"),
    "helpcenter.synonym": lambda: Synonym.objects.create(words="a, b"),
    "helpcenter.linkhost": lambda: LinkHost.objects.create(host="a.example"),
    "helpcenter.contract": lambda: make_contract(texts={}),
    "helpcenter.glossaryterm": lambda: GlossaryTerm.objects.create(key="margin", term_en="margin"),
    "helpcenter.popularsearch": lambda: PopularSearch.objects.create(text_en="fees"),
    "helpcenter.sitelanguage": lambda: SiteLanguage.objects.first(),
    "helpcenter.fact": lambda: keep_fact("btc.fee", "1"),
    "helpcenter.factkind": lambda: FactKind.objects.create(slug="fee", unit="percent"),
    "helpcenter.region": lambda: Region.objects.create(code="eu"),
    "helpcenter.contenttask": lambda: ContentTask.objects.create(kind="write", note="Something"),
    "helpcenter.checkinterval": lambda: CheckInterval.objects.create(days=90),
    "helpcenter.translationstate": lambda: article().states.get(),
    "helpcenter.teammember": lambda: TeamMember.objects.create(language="ja", person=User.objects.first()),
    "helpcenter.revision": revision,
    "helpcenter.finding": lambda: Finding.objects.create(revision=revision(), kind=FindingKind.LINK_HOST, detail="x"),
    "helpcenter.feedback": feedback,
    "helpcenter.searchlog": lambda: SearchLog.objects.create(token="t", query="q", hits=0, stage=Stage.NOTHING),
    "helpcenter.contentevent": lambda: ContentEvent.objects.create(kind=EventKind.CHANGED, article=article()),
    "helpcenter.memorysegment": lambda: MemorySegment.objects.create(article=article(), language="ja", source="a"),
}

# Of the desk.
DESK: dict[str, Callable[[], Any]] = {
    "tickets_webhooks.endpoint": endpoint,
    "tickets_webhooks.sending": lambda: Sending.objects.create(endpoint=endpoint(), event=event()),
    "tickets_channels.incomingmail": lambda: IncomingMail.objects.create(key="k", outcome="failed"),
    "tickets_channels.outgoingmail": lambda: OutgoingMail.objects.create(event="e", kind="reply", message_id="m"),
    "tickets_channels.deadaddress": lambda: DeadAddress.objects.create(address="gone@example.com"),
    "tickets.topic": topic,
    "tickets.topicfield": lambda: desk.TopicField.objects.create(topic=topic(), key="coin", label_en="Coin"),
    "tickets.department": lambda: desk.Department.objects.create(key="risk", name="Risk"),
    "tickets.agent": agent,
    "tickets.macro": lambda: desk.Macro.objects.create(name="Hello"),
    "tickets.savedview": lambda: desk.SavedView.objects.create(name="New", query="status=new"),
    "tickets.tag": lambda: desk.Tag.objects.create(name="vip"),
    "tickets.triagerule": lambda: desk.TriageRule.objects.create(key="how-to", name="Asks how"),
    "tickets.triagelabel": lambda: desk.TriageLabel.objects.create(ticket=ticket(), field="topic", chosen="fees"),
    "tickets.triagetable": lambda: desk.TriageTable.objects.create(origin="shipped", table=b""),
    "tickets.surgesetup": lambda: desk.SurgeSetup.objects.create(),
    "tickets.surgetext": lambda: desk.SurgeText.objects.create(key="general", title_en="Busy"),
    "tickets.surgerule": lambda: desk.SurgeRule.objects.create(name="Liquidations first", priority="urgent"),
    "tickets.signalsource": lambda: desk.SignalSource.objects.create(name="risk"),
    "tickets.marketsignal": signal,
    "tickets.surgetransition": lambda: desk.SurgeTransition.objects.create(came_from="normal", to="watch", why="alarm"),
    "tickets.incident": incident,
    "tickets.bulksend": lambda: desk.BulkSend.objects.create(incident=incident(), version=1),
    "tickets.bulkrecipient": recipient,
    "tickets.ticket": ticket,
    "tickets.ticketevent": event,
    "tickets.routingsetup": desk.RoutingSetup.current,
    "tickets.routingdecision": lambda: desk.RoutingDecision.objects.create(ticket=ticket(), trigger="tick"),
    "tickets.decline": lambda: desk.Decline.objects.create(ticket=ticket(), agent=agent(), until=timezone.now()),
    "tickets.presencechange": lambda: desk.PresenceChange.objects.create(agent=agent(), presence="away"),
    "tickets.pendingrequest": lambda: desk.PendingRequest.objects.create(email="a@example.com", topic=topic()),
    "tickets.calendar": lambda: desk.Calendar.objects.create(key="seoul", name="Seoul"),
    "tickets.slapolicy": lambda: desk.SlaPolicy.objects.create(name="VIP"),
    "tickets.warnlevel": lambda: desk.WarnLevel.objects.create(percent=42),
    "tickets.policyedition": lambda: desk.PolicyEdition.objects.create(number=7, content=NOTHING, digest="d"),
}

MAKERS = ACCOUNTS | HELP | DESK
