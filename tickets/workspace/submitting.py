"""What an agent writes, from the form to the action; what comes back when it is not taken, with the text as it was."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from tickets.actions import drafting, personal, replying, uploading
from tickets.attachments import Examined
from tickets.desk_ui.chosen import ChosenFiles
from tickets.enums import MessageKind, Status
from tickets.errors import InvalidInput, StaleTicket, TicketError
from tickets.identifiers import new_public_id
from tickets.models import Macro, Message, Ticket
from tickets.workspace import people
from tickets.workspace.composer import PREFIXES, Box, Composer
from tickets.workspace.display import staff_name
from tickets.workspace.forms import ComposeForm


@dataclass(frozen=True)
class Sent:
    message: Message
    go_on: bool


class Posted:
    """What came with the form for one of the boxes, as it was typed, and the files that were chosen for it."""

    def __init__(
        self,
        ticket: Ticket,
        kind: str,
        data: QueryDict,
        files: MultiValueDict[str, Any],
        left_out: Sequence[str] = (),
        *,
        by: Any,
    ) -> None:
        self.ticket, self.by = ticket, by
        prefix = PREFIXES[kind] if f"{PREFIXES[kind]}body" in data else ""  # a form may have one box only
        ids = [one for one in data.getlist(f"{prefix}uploads") if one != data.get("drop")]
        owners = drafting.owners_for(ticket, by=by, is_note=kind == "note") if ids else []
        self.files = ChosenFiles(files.getlist(f"{prefix}files"), ids, owners, left_out)
        self.box = Box(kind, data.get(f"{prefix}body", ""), is_shared=bool(data.get(f"{prefix}share")))

    def keep_files(self, drop: str = "") -> Box:
        """Have the files wait beside the box; the one named `drop` goes."""
        self.files.keep_with(lambda file: drafting.keep_file(self.ticket, file, by=self.by, is_note=self.box.is_note))
        if drop:
            drafting.drop_file(self.ticket, drop, by=self.by)
        self.box.files = self.files.waiting
        self.box.faults = self.files.faults
        return self.box

    def keep(self, drop: str = "") -> Box:
        """Keep all of it, where there is something: nobody types it twice."""
        if self.box.body.strip():
            values = {"by": self.by, "is_note": self.box.is_note, "is_shared": self.box.is_shared}
            with suppress(TicketError, PermissionDenied, Ticket.DoesNotExist):
                drafting.keep_draft(self.ticket, self.box.body, **values)
        with suppress(PermissionDenied, Ticket.DoesNotExist):
            self.keep_files(drop)
        return self.box

    def forget_files(self) -> None:
        """They have arrived; what a colleague shares stays with the colleague."""
        own = uploading.draft_owner(self.ticket.pk, self.by.pk, is_note=self.box.is_note)
        uploading.remove_uploads([upload for upload in self.files.waiting if upload.owner == own])


def write(
    ticket: Ticket, data: QueryDict, files: MultiValueDict[str, Any], left_out: Sequence[str] = (), *, by: Any
) -> Sent | Composer:
    """Do what the form wants, or give the boxes back with the reason. What stands in the other box is kept; `left_out`
    are names of files beyond what one form may hold."""
    kind, others = ("note", "reply") if data.get("kind") == "note" else ("reply", "note")
    posted = Posted(ticket, kind, data, files, left_out, by=by)
    has_both = f"{PREFIXES['note']}body" in data
    other = Posted(ticket, others, *((data, files) if has_both else (QueryDict(), MultiValueDict())), by=by)
    form = ComposeForm({**data.dict(), "kind": kind, "body": posted.box.body})
    back = _as_typed(posted, other, form)
    drop = data.get("drop", "")
    if drop:
        return _kept(back, posted, other, drop)
    question = _question(ticket, form, by)
    if question:
        back.asks = True
        return _refused(back, posted, other, question, 409)
    try:
        sent = _send(posted, form)
    except StaleTicket as error:
        return _refused(back, posted, other, str(error), 409)
    except (TicketError, PermissionDenied) as error:
        return _refused(back, posted, other, str(error), 403 if isinstance(error, PermissionDenied) else 422)
    other.keep()
    return sent


def _question(ticket: Ticket, form: ComposeForm, by: Any) -> str:
    """What to ask before a reply is sent beside a colleague's."""
    if not form.is_valid() or form.cleaned_data["kind"] == "note" or form.cleaned_data["anyway"]:
        return ""
    busy = [one for one in drafting.onlookers(ticket, but=by) if one.is_writing]
    question = gettext("%(person)s is writing a reply too. Send yours anyway?")
    return question % {"person": staff_name(busy[0].person)} if busy else ""


def _as_typed(posted: Posted, other: Posted, form: ComposeForm) -> Composer:
    sent, is_note = form.data, posted.box.is_note
    return Composer(
        reply=other.box if is_note else posted.box,
        note=posted.box if is_note else other.box,
        kind=posted.box.kind,
        then=sent.get("then") or Status.PENDING.value,
        seen=form.cleaned_data.get("seen") if form.is_valid() else None,
        go_on=bool(sent.get("go_on")),
        sign=bool(sent.get("sign")),
        macro=sent.get("macro", ""),
        token=sent.get("token") or new_public_id(),
    )


def _kept(back: Composer, posted: Posted, other: Posted, drop: str = "") -> Composer:
    for one in (posted, other):
        one.keep(drop)
    return back


def _refused(back: Composer, posted: Posted, other: Posted, problem: str, status: int) -> Composer:
    back.problem, back.status = problem, status
    _kept(back, posted, other)
    posted.box.faults = [fault for fault in posted.box.faults if fault not in problem]  # said once
    return back


def _send(posted: Posted, form: ComposeForm) -> Sent:
    """Raises TicketError, PermissionDenied."""
    if not form.is_valid():
        raise InvalidInput(" ".join(str(error) for errors in form.errors.values() for error in errors))
    data, kind = form.cleaned_data, MessageKind(posted.box.kind)
    message = replying.sent_before(kind, by=posted.by, token=data["token"])
    if message is None:
        found = _files_of(posted)
        message = _note(posted, data, found) if kind == MessageKind.NOTE else _reply(posted, data, found)
        posted.forget_files()
    return Sent(message, data["go_on"])


def _files_of(posted: Posted) -> list[Examined]:
    """Raises InvalidInput where one is missing, or is not taken."""
    found = posted.files.read()
    if posted.files.is_missing:
        posted.files.faults.append(gettext("Some of your files are not here any more. Choose them again."))
    if posted.files.faults:
        raise InvalidInput(" ".join(posted.files.faults))
    return found


def _reply(posted: Posted, data: dict[str, Any], files: list[Examined]) -> Message:
    ticket, by = posted.ticket, posted.by
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


def _note(posted: Posted, data: dict[str, Any], files: list[Examined]) -> Message:
    called = people.mentioned(data["body"])
    values = {"mentions": called, "files": files, "token": data["token"]}
    return replying.write_note(posted.ticket, data["body"], by=posted.by, **values)
