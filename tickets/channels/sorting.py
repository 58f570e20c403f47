"""What becomes of a mail, decided from what it says and from what is known of its sender. Pure.

A ticket takes a mail only by three things together: a token of ours, the participant that the token names as sender,
and a pass of the sender's domain. Who is in Cc or Reply-To counts for nothing.
"""

from dataclasses import dataclass

from tickets.channels.enums import Outcome, Reason
from tickets.channels.mail.authenticity import Ground
from tickets.channels.mail.machine import Kind
from tickets.channels.mail.reading import Mail


@dataclass(frozen=True)
class Known:
    """`has_claim`: a token names a ticket that is there. `is_participant`: and the sender is who it names.
    `is_person`: the address belongs to somebody who has proven it. `is_vouched`: the participant has said that this
    held mail is theirs."""

    has_claim: bool = False
    is_participant: bool = False
    is_person: bool = False
    is_staff: bool = False
    is_vouched: bool = False


@dataclass(frozen=True)
class Sorted:
    outcome: Outcome
    reason: Reason = Reason.NONE


def sort(mail: Mail, known: Known, own: frozenset[str]) -> Sorted:
    """Decide. `own` are our own addresses, without tokens."""
    by_machine = _by_machine(mail, own)
    if by_machine is not None:
        return by_machine
    if not mail.from_address or mail.authentic.ground in (Ground.NO_SENDER, Ground.SEVERAL_SENDERS):
        return Sorted(Outcome.QUARANTINED, Reason.SEVERAL_SENDERS)
    if known.is_staff:
        return Sorted(Outcome.QUARANTINED, Reason.STAFF)
    if known.has_claim:
        return _of_a_thread(mail, known)
    return _of_no_thread(mail, known)


def _by_machine(mail: Mail, own: frozenset[str]) -> Sorted | None:
    """What a program sent reaches no customer and is never answered; None for a person's mail."""
    kind = mail.machine.kind
    if kind is Kind.PERSON:
        return None
    if kind is Kind.LOOP:
        return (
            Sorted(Outcome.LOOPED) if _is_own(mail.from_address, own) else Sorted(Outcome.QUARANTINED, Reason.OUR_OWN)
        )
    simple = {Kind.BOUNCE: Sorted(Outcome.BOUNCE), Kind.AUTO_REPLY: Sorted(Outcome.AUTO_REPLY)}
    return simple.get(kind, Sorted(Outcome.QUARANTINED, Reason.MACHINE))


def _is_own(address: str, own: frozenset[str]) -> bool:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in own


def _of_no_thread(mail: Mail, known: Known) -> Sorted:
    if mail.authentic.authentic:
        return Sorted(Outcome.NEW_TICKET if known.is_person else Outcome.PENDING)
    if mail.authentic.ground is Ground.FORGED and not known.is_person:
        return Sorted(Outcome.QUARANTINED, Reason.NOT_AUTHENTIC)  # asking would mail the forger's victim
    return Sorted(Outcome.PENDING, Reason.NOT_AUTHENTIC)


def _of_a_thread(mail: Mail, known: Known) -> Sorted:
    if not known.is_participant:
        return Sorted(Outcome.QUARANTINED, Reason.NOT_PARTICIPANT)
    if mail.authentic.authentic or known.is_vouched:
        return Sorted(Outcome.APPENDED)
    return Sorted(Outcome.HELD, Reason.NOT_AUTHENTIC)
