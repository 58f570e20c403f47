"""What an agent writes, from the form to the action; what comes back when it is not taken, with the text as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from supportdesk.ui import languages
from tickets.actions import drafting, personal, replying
from tickets.attachments import Examined, check_message, examine, unread
from tickets.enums import Status
from tickets.errors import StaleTicket, TicketError
from tickets.identifiers import new_public_id
from tickets.models import Agent, Macro, Message, ReplyDraft, Ticket
from tickets.workspace import macros, people
from tickets.workspace.forms import ComposeForm, number_of
from tickets.workspace.wording import staff_name


@dataclass
class Composer:
    """What stands in the box. `problem` says why it came back; `asks` that a second click sends it anyway."""

    body: str = ""
    kind: str = "reply"
    then: str = Status.PENDING.value
    problem: str = ""
    asks: bool = False
    sign: bool = True
    macro: str = ""
    hint: str = ""
    shared: list[tuple[int, str]] = field(default_factory=list)  # drafts of colleagues: number and name
    token: str = field(default_factory=new_public_id)
    status: int = 200


@dataclass(frozen=True)
class Sent:
    message: Message
    go_on: bool


@dataclass(frozen=True)
class Files:
    """What was chosen beside the box. `left_out`: names of files beyond what one form may hold."""

    sent: Sequence[UploadedFile] = ()
    left_out: Sequence[str] = ()


def write(ticket: Ticket, form: ComposeForm, files: Files, *, by: Any) -> Sent | Composer:
    """Do what the form wants, or give the box back with the reason."""
    back = _as_typed(form)
    if not form.is_valid():
        return _refused(back, " ".join(str(error) for errors in form.errors.values() for error in errors), 422)
    data = form.cleaned_data
    busy = [one for one in drafting.onlookers(ticket, but=by) if one.is_writing]
    if data["kind"] == "reply" and busy and not data["anyway"]:
        back.asks = True
        question = gettext("%(person)s is writing a reply too. Send yours anyway?")
        return _refused(back, question % {"person": staff_name(busy[0].person)}, 409)
    try:
        found = _examined(files)
        message = _note(ticket, data, found, by) if data["kind"] == "note" else _reply(ticket, data, found, by)
    except StaleTicket as error:
        return _refused(back, str(error), 409)
    except (TicketError, PermissionDenied) as error:
        return _refused(back, str(error), 403 if isinstance(error, PermissionDenied) else 422)
    return Sent(message, data["go_on"])


def _examined(files: Files) -> list[Examined]:
    """The files as they may be kept. Raises AttachmentRejected."""
    for refusal in unread(files.left_out, settings.FILE_UPLOAD_MAX_MEMORY_SIZE):
        raise refusal
    check_message([file.size or 0 for file in files.sent])
    return [examine(file.name or "", file.read(), file.content_type or "") for file in files.sent]


def _as_typed(form: ComposeForm) -> Composer:
    sent = form.data
    return Composer(
        body=sent.get("body", ""),
        kind="note" if sent.get("kind") == "note" else "reply",
        then=sent.get("then") or Status.PENDING.value,
        sign=bool(sent.get("sign")),
        macro=sent.get("macro", ""),
        token=sent.get("token") or new_public_id(),
    )


def _refused(composer: Composer, problem: str, status: int) -> Composer:
    composer.problem, composer.status = problem, status
    return composer


def _reply(ticket: Ticket, data: dict[str, Any], files: list[Examined], by: Any) -> Message:
    body = data["body"].rstrip()
    signature = drafting.agent_of(by).signature if data["sign"] else ""
    macro = Macro.objects.usable_by(by).filter(pk=data["macro"]).first() if data["macro"] else None
    then = Status(data["then"] or Status.PENDING)
    seen = data["seen"] if data["seen"] is not None else 0
    text = f"{body}\n\n{signature}" if signature else body
    message = replying.reply(ticket, text, by=by, seen=seen, then=then, files=files, token=data["token"])
    if macro is not None:
        personal.apply_macro(ticket, macro, by=by)
    return message


def _note(ticket: Ticket, data: dict[str, Any], files: list[Examined], by: Any) -> Message:
    return replying.write_note(ticket, data["body"], by=by, mentions=people.mentioned(data["body"]), files=files)


def composer_for(ticket: Ticket, agent: Agent, wanted: dict[str, str]) -> Composer:
    """The box as a page opens it: with a macro or an article that was chosen, with a colleague's shared draft, or with
    what the person had begun."""
    rows = list(ReplyDraft.objects.filter(ticket=ticket).select_related("author"))
    own = next((row for row in rows if row.author_id == agent.person_id), None)
    box = Composer(body=own.body if own else "", kind="note" if own and own.is_note else "reply")
    if ticket.status == Status.SOLVED:
        box.then = Status.SOLVED.value  # a solved ticket does not become pending
    shared = next((row for row in rows if row.is_shared and str(row.pk) == wanted.get("draft")), None)
    if shared is not None:
        box.body = _joined(box.body, shared.body)
    _put_in_macro(box, ticket, agent, wanted.get("macro", ""))
    article = number_of(wanted.get("article", ""))
    if article is not None:
        offers = macros.offers([article], ticket.language)
        box.body = _joined(box.body, "\n".join(f"{offer.title}: {offer.address}" for offer in offers))
    others = [row for row in rows if row.is_shared and row.author_id != agent.person_id and row is not shared]
    box.shared = [(row.pk, staff_name(row.author)) for row in others]
    return box


def _put_in_macro(box: Composer, ticket: Ticket, agent: Agent, number: str) -> None:
    known = number_of(number)
    macro = Macro.objects.usable_by(agent.person).filter(pk=known).first() if known is not None else None
    if macro is None:
        return
    rendered = macros.render(macro, ticket, agent)
    box.body, box.macro = _joined(box.body, rendered.text), str(macro.pk)
    box.then = macro.set_status if macro.set_status in replying.THEN else box.then
    box.hint = macro_hint(rendered)


def macro_hint(rendered: macros.Rendered) -> str:
    """What an agent should know of a macro's text before it is sent."""
    if rendered.unknown:
        return gettext("Fill in yourself: %(names)s") % {"names": ", ".join(rendered.unknown)}
    if rendered.is_fallback:
        names = {
            "language": languages.language(rendered.language).name,
            "customer": languages.language(rendered.asked).name,
        }
        return gettext("The customer reads %(customer)s; this macro is written in %(language)s only.") % names
    return ""


def _joined(first: str, second: str) -> str:
    return f"{first.rstrip()}\n{second}" if first.strip() else second
