"""What abuse tests, fault drills and benchmarks find on a site: people of every role, tickets, articles in every state
with a word in each that must be nowhere else. Made through the same actions as everything, the same at every run."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from helpcenter.actions import drafting, publishing, reviewing, scheduling
from helpcenter.enums import Audience
from helpcenter.models import Article, Category
from supportdesk.accounts.models import User
from tickets.actions import assigning, consulting, opening, replying
from tickets.actions.drafting import agent_of
from tickets.models import Department, Ticket, Topic

# Role of the contract -> groups, whether a superuser
PEOPLE: dict[str, tuple[tuple[str, ...], bool]] = {
    "customer_a": ((), False),
    "customer_b": ((), False),
    "customer_c": ((), False),
    "org_mate": ((), False),
    "agent": (("Agents",), False),
    "agent_other": (("Agents",), False),
    "lead": (("Team leads",), False),
    "vault_officer": (("Identity officers",), False),
    "editor": (("Content editors",), False),
    "translator": (("Translators",), False),
    "admin": ((), True),
}
DOMAIN = "drill.example"
# Tables that leave as files
EXPORTS = (
    "admin:helpcenter_category_export",
    "admin:helpcenter_fact_export",
    "admin:helpcenter_glossaryterm_export",
    "admin:helpcenter_synonym_export",
)
# Address of the contract -> name of a URL; None where nothing is to be named: readers choose a language by a link,
# commands measure the desk. A name that no address has is an error.
URLS: dict[str, str | None] = {
    "login": "account_login",
    "logout": "account_logout",
    "submit": "portal:new",
    "search": "helpcenter:search",
    "suggest": "helpcenter:suggest",
    "setlang": None,
    "reset": "account_reset_password",
    "profile": "account_profile",
    "password_change": "account_change_password",
    "health": "health-ready",
    "metrics": None,
}


def seed() -> dict[str, Any]:
    """Make all of it and tell where it is: `{users, tickets, articles, urls}`."""
    people, users = _people()
    with override("en"):
        return {
            "users": users,
            "tickets": [_describe(ticket) for ticket in _tickets(people)],
            "articles": _articles(people),
            "urls": _addresses(),
        }


def _addresses() -> dict[str, Any]:
    named = {name: reverse(found) if found else None for name, found in URLS.items()}
    return {**named, "exports": [reverse(name) for name in EXPORTS]}


def _people() -> tuple[dict[str, User], dict[str, Any]]:
    people, users = {}, {}
    for role, (groups, is_superuser) in PEOPLE.items():
        password = secrets.token_urlsafe(18)
        email = f"{role.replace('_', '-')}@{DOMAIN}"
        user = User.objects.filter(email=email).first() or User(email=email, name=role.replace("_", " ").title())
        user.is_staff, user.is_superuser = bool(groups) or is_superuser, is_superuser
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name__in=groups))
        people[role] = user
        users[role] = {"email": email, "password": password, "totp": None, "role": role}
    _verify(people)
    return people, users


def _verify(people: dict[str, User]) -> None:
    from allauth.account.models import EmailAddress

    for user in people.values():
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def _tickets(people: dict[str, User]) -> list[Ticket]:
    """Six: two of A (one answered, with a note), one each of B, C and the colleague, and one in another department."""
    own, other = _department("drill-payments"), _department("drill-engineering")
    agent_of(people["agent"]).departments.set([own])
    agent_of(people["agent_other"]).departments.set([other])
    owners = ("customer_a", "customer_a", "customer_b", "customer_c", "org_mate", "customer_b")
    tickets = [_ticket(number, people[owner]) for number, owner in enumerate(owners)]
    if not tickets[0].messages.filter(kind="note").exists():
        assigning.take(tickets[0], by=people["agent"])
        replying.write_note(tickets[0], "Canary of a note: drillnotecanary.", by=people["agent"])
        replying.reply(tickets[0], "We are looking into it.", by=people["agent"])
        consulting.ask_department(tickets[1], own, by=people["lead"], subject="Is it late?", body="drillsidecanary")
        for number in (0, 2, 3):
            assigning.transfer(tickets[number], own, by=people["lead"])
        assigning.transfer(tickets[5], other, by=people["lead"])
    return tickets


def _department(key: str) -> Department:
    return Department.objects.get_or_create(key=key, defaults={"name": key, "public_name_en": key})[0]


def _ticket(number: int, owner: User) -> Ticket:
    topic = Topic.objects.order_by("order").first() or Topic.objects.create(key="other", name_en="Something else")
    request = opening.Request(
        topic=topic,
        subject=f"Drill ticket {number}",
        body=f"Canary of ticket {number}: drillticketcanary{number}.",
        language="en",
        token=f"drill-{number}",
    )
    return opening.open_ticket(request, by=owner)


def _describe(ticket: Ticket) -> dict[str, Any]:
    return {
        "public_id": ticket.public_id,
        "url": reverse("portal:ticket", args=[ticket.public_id]),
        "desk_url": reverse("workspace:thread", args=[ticket.public_id]),
        "vault_url": None,  # there is no vault in this release
        "owner": ticket.requester.email.split("@")[0].replace("-", "_"),
    }


# Articles in every state


def _articles(people: dict[str, User]) -> list[dict[str, Any]]:
    return [_article(state, act, people) for state, act in STATES.items()]


def _article(state: str, act: Callable[[Article, dict[str, User]], None], people: dict[str, User]) -> dict[str, Any]:
    language = "zh-hans" if "zh" in state else "en"
    slug, canary = f"drill-{state.replace('_', '-')}", f"drillcanary{state.replace('_', '')}"
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        category = Category.objects.first() or Category.objects.create(slug="drill", name_en="Drill")
        audience = Audience.AGENTS if state == "agents_only" else Audience.PUBLIC
        article = Article.objects.create(slug=slug, category=category, audience=audience, source_language=language)
        text = drafting.Text(f"Drill {canary}", f"{canary} in the text.\n\n## Part\n\nMore {canary}.")
        drafting.save_revision(article, language, text, by=people["admin"])
        act(article, people)
    return {
        "state": state,
        "lang": "ja" if state == "unapproved_translation" else language,
        "slug": slug,
        "title": f"Drill {canary}",
        "canary": f"{canary}ja" if state == "unapproved_translation" else canary,
        "id": article.pk,
        "admin_url": reverse("admin:helpcenter_article_change", args=[article.pk]),
    }


def _latest(article: Article) -> Any:
    return article.states.select_related("latest").get(language=article.source_language).latest


def _publish(article: Article, people: dict[str, User]) -> None:
    publishing.publish(_latest(article), by=people["admin"])


def _submit(article: Article, people: dict[str, User]) -> None:
    reviewing.submit(_latest(article), by=people["admin"])


def _schedule(article: Article, people: dict[str, User]) -> None:
    reviewing.approve(_latest(article), by=people["admin"])
    scheduling.schedule_publishing(_latest(article), by=people["admin"], at=timezone.now() + timedelta(days=30))


def _archive(article: Article, people: dict[str, User]) -> None:
    _publish(article, people)
    publishing.archive(article, by=people["admin"])


def _unpublish(article: Article, people: dict[str, User]) -> None:
    _publish(article, people)
    publishing.unpublish(article, article.source_language, by=people["admin"])


def _translate(article: Article, people: dict[str, User]) -> None:
    _publish(article, people)
    canary = "drillcanaryunapprovedtranslationja"
    text = drafting.Text(f"Drill {canary}", f"{canary}\n\n## Part\n\n{canary}.")
    drafting.save_revision(article, "ja", text, by=people["admin"])


STATES: dict[str, Callable[[Article, dict[str, User]], None]] = {
    "published": _publish,
    "draft": lambda article, people: None,
    "in_review": _submit,
    "scheduled": _schedule,
    "archived": _archive,
    "unpublished": _unpublish,
    "agents_only": _publish,
    "unapproved_translation": _translate,
    "zh_only": _publish,
}
