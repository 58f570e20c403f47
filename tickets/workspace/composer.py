"""What stands in the two boxes to write in, one for the customer and one for colleagues, when a ticket is opened."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from supportdesk.accounts.models import User
from supportdesk.ui import languages
from supportdesk.ui.made import made
from supportdesk.ui.prepared import Prepared
from tickets.actions import replying, uploading
from tickets.enums import Status
from tickets.identifiers import new_public_id
from tickets.models import Agent, Macro, ReplyDraft, Ticket, Upload
from tickets.workspace import macros
from tickets.workspace.display import listed, staff_name
from tickets.workspace.forms import number_of

PREFIXES = {"reply": "", "note": "note_"}  # of the names of fields


@dataclass(eq=False)
class Box:
    """A text that was begun, with its files. A reply and a note never share either: what is meant for colleagues does
    not go to a customer by a wrong key."""

    kind: str
    body: str = ""
    files: list[Upload] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # about files
    is_shared: bool = False

    @property
    def is_note(self) -> bool:
        return self.kind == "note"

    @property
    def prefix(self) -> str:
        return PREFIXES[self.kind]

    @property
    def is_empty(self) -> bool:
        return not (self.body or self.files or self.faults or self.is_shared)


NOTHING_BEGUN = (Box("reply"), Box("note"))  # as nearly every page of a ticket has them


@dataclass
class Composer:
    """Both boxes; `kind` says which is open. `problem` says why it came back, `seen` which version of the ticket its
    writer had read; `asks` that a second click sends it anyway, with the status `then`, and goes on to the next ticket
    if the first one was to."""

    reply: Box = field(default_factory=lambda: Box("reply"))
    note: Box = field(default_factory=lambda: Box("note"))
    kind: str = "reply"
    then: str = Status.PENDING.value
    problem: str = ""
    seen: int | None = None
    asks: bool = False
    go_on: bool = False
    sign: bool = True
    macro: str = ""
    hint: str = ""
    shared: list[tuple[int, str]] = field(default_factory=list)  # drafts of colleagues: number, and a sentence
    token: str = field(default_factory=new_public_id)
    status: int = 200

    @property
    def boxes(self) -> list[Box]:
        return [self.reply, self.note]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been begun, and there is nothing to say about it."""
        return not (self.problem or self.hint or self.macro or self.shared) and all(box.is_empty for box in self.boxes)

    @property
    def open(self) -> Box:
        return self.note if self.kind == "note" else self.reply

    @property
    def body(self) -> str:
        """The text of the box that is open."""
        return self.open.body


def composer_for(ticket: Ticket, agent: Agent, wanted: dict[str, str]) -> Composer:
    """The boxes as a page opens them: with what the person had begun, with a macro or an article that was chosen, with
    a colleague's shared draft."""
    rows = [_draft(row) for row in _drafts(ticket=ticket.pk)]
    shared = next((row for row in rows if row.is_shared and str(row.pk) == wanted.get("draft")), None)
    found = Composer()
    for row in rows:
        if row.author_id == agent.person_id:
            box = _box_of(found, row)
            box.body, box.is_shared = row.body, row.is_shared
    if shared is not None:
        box = _box_of(found, shared)
        box.body = box.body if shared.body in box.body else _joined(box.body, shared.body)
    _put_in_files(found, ticket, agent, shared)
    if ticket.status == Status.SOLVED:
        found.then = Status.SOLVED.value  # a solved ticket does not become pending
    if agent.signature and found.reply.body.rstrip().endswith(agent.signature.rstrip()):
        found.sign = False  # a reply that was taken back has been signed already
    _put_in_macro(found, ticket, agent, wanted.get("macro", ""))
    _put_in_article(found, ticket, wanted.get("article", ""))
    others = [row for row in rows if row.is_shared and row.author_id != agent.person_id and row is not shared]
    found.shared = [(row.pk, shared_by(row)) for row in others]
    return found


@Prepared
def _drafts(*, ticket: int) -> Any:
    drafts = ReplyDraft.objects.filter(ticket=ticket).order_by("updated_at")
    columns = [field.attname for field in ReplyDraft._meta.concrete_fields]
    return drafts.values(*columns, "author__name", "author__email")


def _draft(row: dict[str, Any]) -> ReplyDraft:
    author = User(pk=row["author_id"], name=row["author__name"], email=row["author__email"])
    draft = made(ReplyDraft, row)
    draft.author = author
    return draft


@Prepared
def _waiting(*, owners: list[str]) -> Any:
    columns = [field.attname for field in Upload._meta.concrete_fields]
    return Upload.objects.filter(owner__in=owners).values(*columns)


def _box_of(composer: Composer, row: ReplyDraft) -> Box:
    """The box of a draft's kind; it is the one that is open."""
    composer.kind = "note" if row.is_note else "reply"
    return composer.open


def _put_in_files(composer: Composer, ticket: Ticket, agent: Agent, shared: ReplyDraft | None) -> None:
    author = agent.person_id
    boxes = {uploading.draft_owner(ticket.pk, author, is_note=box.is_note): box for box in composer.boxes}
    if shared is not None:
        owner = uploading.draft_owner(ticket.pk, shared.author_id, is_note=shared.is_note)
        boxes[owner] = composer.note if shared.is_note else composer.reply
    for row in _waiting(owners=list(boxes)):
        boxes[row["owner"]].files.append(made(Upload, row))


def _put_in_macro(composer: Composer, ticket: Ticket, agent: Agent, number: str) -> None:
    known = number_of(number)
    macro = Macro.objects.usable_by(agent.person).filter(pk=known).first() if known is not None else None
    if macro is None:
        return
    rendered = macros.render(macro, ticket, agent)
    box = composer.reply
    composer.kind, box.body, composer.macro = box.kind, _joined(box.body, rendered.text), str(macro.pk)
    composer.then = macro.set_status if macro.set_status in replying.THEN else composer.then
    composer.hint = macro_hint(rendered)


def _put_in_article(composer: Composer, ticket: Ticket, number: str) -> None:
    article = number_of(number)
    if article is None:
        return
    offers = macros.offers([article], ticket.language)
    box = composer.reply
    composer.kind = box.kind
    box.body = _joined(box.body, "\n".join(f"{offer.title}: {offer.address}" for offer in offers))


def shared_by(draft: ReplyDraft) -> str:
    """Whose draft a colleague can go on with, as a whole sentence."""
    if draft.is_note:
        return gettext("Use the note that %(person)s shares") % {"person": staff_name(draft.author)}
    return gettext("Use the draft that %(person)s shares") % {"person": staff_name(draft.author)}


def macro_hint(rendered: macros.Rendered) -> str:
    """What an agent should know of a macro's text before it is sent."""
    if rendered.unknown:
        return gettext("Fill in yourself: %(names)s") % {"names": listed(rendered.unknown)}
    if rendered.is_fallback:
        names = {
            "language": languages.language(rendered.language).name,
            "customer": languages.language(rendered.asked).name,
        }
        return gettext("The customer reads %(customer)s; this macro is written in %(language)s only.") % names
    return ""


def _joined(first: str, second: str) -> str:
    return f"{first.rstrip()}\n{second}" if first.strip() else second
