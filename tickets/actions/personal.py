"""What agents keep for themselves: name and signature, macros of their own, views of the queue."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from supportdesk import guard
from supportdesk.ui.languages import column, content_languages
from tickets.actions import assigning, detailing, guarding, macro_uses
from tickets.actions.change import require_lead, require_staff
from tickets.errors import InvalidInput
from tickets.models import Agent, Macro, SavedView, Ticket

MOST_VIEWS = 30  # of a person
MOST_MACROS = 100
LONGEST_SIGNATURE = 500  # characters


def save_profile(agent: Agent, *, by: Any, public_name: str, signature: str, has_shortcuts: bool) -> Agent:
    """How an agent signs. Raises PermissionDenied for somebody else's, SecretFound, InvalidInput."""
    require_staff(by)
    if by.pk != agent.person_id:
        require_lead(by)
    if len(signature) > LONGEST_SIGNATURE:
        message = gettext("The signature has %(length)d characters; at most %(limit)d fit.")
        raise InvalidInput(message % {"length": len(signature), "limit": LONGEST_SIGNATURE}, "signature")
    agent.public_name = guarding.outgoing(public_name, field="public_name")[:60] if public_name.strip() else ""
    agent.signature = guarding.outgoing(signature, field="signature") if signature.strip() else ""
    agent.has_shortcuts = has_shortcuts
    agent.save(update_fields=["public_name", "signature", "has_shortcuts"])
    return agent


def save_macro(macro: Macro, *, by: Any, name: str, language: str, body: str, set_status: str = "") -> Macro:
    """Keep a personal macro with its text in a language. Raises PermissionDenied, SecretFound, InvalidInput."""
    require_staff(by)
    if macro.pk is None and Macro.objects.filter(owner=by).count() >= MOST_MACROS:
        raise InvalidInput(gettext("You have %(limit)d macros. Remove one first.") % {"limit": MOST_MACROS}, "name")
    if macro.pk is not None and macro.owner_id != by.pk:
        raise PermissionDenied(gettext("Macros of the team are changed in the admin."))
    if language not in content_languages():
        raise InvalidInput(gettext("There is no such language."), "language")
    macro.name = guarding.line(name, door="macro", longest=80, field="name")[0]
    setattr(macro, column("body", language), guarding.outgoing(body))
    macro.owner, macro.set_status = by, set_status
    macro.save()
    macro_uses.note_macro(macro)
    return macro


def delete_macro(macro: Macro, *, by: Any) -> None:
    """Let a personal macro go. Raises PermissionDenied."""
    if macro.owner_id != by.pk:
        raise PermissionDenied(gettext("Macros of the team are changed in the admin."))
    macro_uses.forget_macro(macro)
    macro.delete()


@transaction.atomic
def apply_macro(ticket: Ticket, macro: Macro, *, by: Any) -> Ticket:
    """What a macro sets beside its text: priority, tags, department; and count its use. The status goes with the reply.

    Raises PermissionDenied, TransitionNotAllowed.
    """
    if macro.set_priority:
        detailing.change_details(ticket, by=by, priority=macro.set_priority)
    tags = set(macro.add_tags.values_list("name", flat=True))
    if tags:
        detailing.tag_ticket(ticket, tags | set(ticket.tags.values_list("name", flat=True)), by=by)
    if macro.set_department is not None and ticket.department_id != macro.set_department_id:
        assigning.transfer(ticket, macro.set_department, by=by)
    Macro.objects.filter(pk=macro.pk).update(uses=F("uses") + 1)
    return ticket


def keep_view(name: str, query: str, *, by: Any, is_shared: bool = False) -> SavedView:
    """Keep a filter of the queue under a name; for everybody, when a lead does. Raises PermissionDenied,
    InvalidInput."""
    require_staff(by)
    if is_shared:
        require_lead(by, gettext("Only a team lead keeps a view for everybody."))
    query = urlencode([(name, guard.clean(value, door="view").text) for name, value in parse_qsl(query)])
    if len(query) > 500:
        raise InvalidInput(gettext("This filter is too long to be kept."), "name")
    if SavedView.objects.filter(owner=by).count() >= MOST_VIEWS:
        raise InvalidInput(gettext("You have %(limit)d views. Remove one first.") % {"limit": MOST_VIEWS}, "name")
    title = guarding.line(name, door="view", longest=60, field="name")[0]
    return SavedView.objects.create(name=title, query=query, owner=None if is_shared else by)


def drop_view(view: SavedView, *, by: Any) -> None:
    """Let a view go: one's own, or for a lead anybody's. Raises PermissionDenied."""
    if view.owner_id != by.pk:
        require_lead(by)
    view.delete()
