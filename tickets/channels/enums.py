"""What becomes of a mail that comes in, and of one that goes out."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KEPT = timedelta(days=7)  # sealed mails that nobody could take in
REMEMBERED = timedelta(days=90)  # rows of mails without their text: what came twice is known by them
AT_ONCE = 5  # automatic mails to one address within an hour: two machines that answer each other stop here


class Outcome(models.TextChoices):
    APPENDED = "appended", _("Added to a ticket")
    NEW_TICKET = "new_ticket", _("New ticket")
    PENDING = "new_pending", _("Waits for the address to be confirmed")
    HELD = "held", _("Held: the person is asked whether it is theirs")
    QUARANTINED = "quarantined", _("Quarantined")
    AUTO_REPLY = "auto_reply", _("Automatic answer, dropped")
    BOUNCE = "bounce", _("Report that a mail did not arrive")
    LOOPED = "looped", _("Our own mail came back, dropped")
    DUPLICATE = "duplicate", _("Came twice, dropped")
    FAILED = "failed", _("Could not be taken in")


class Kept(models.TextChoices):
    """Whether the raw mail still lies here, sealed."""

    NOT = "not", pgettext_lazy("of a raw mail", "Not kept")
    SEALED = "sealed", pgettext_lazy("of a raw mail", "Sealed")
    GONE = "gone", pgettext_lazy("of a raw mail", "Destroyed")


class Reason(models.TextChoices):
    """Why a mail was not taken in as it is."""

    NONE = "", "-"
    MACHINE = "machine", _("Sent by a program: a list, a notification, a sender that takes no answer")
    SEVERAL_SENDERS = "several_senders", _("No sender, or more than one")
    STAFF = "staff", _("Sent from an address of the staff: colleagues answer at the desk only")
    NOT_PARTICIPANT = "not_participant", _("Sent to a request of somebody else")
    NOT_AUTHENTIC = "not_authentic", _("Not authenticated by the sender's domain")
    TOO_MANY = "too_many", _("More than one address may send")
    OUR_OWN = "our_own", _("Carries the number of a mail of ours")
    UNREADABLE = "unreadable", _("Not a mail that can be read")
    TOO_BIG = "too_big", _("Larger than what is read")
    BROKEN = "broken", _("An error of this program; see the log")
    REFUSED_BY_PERSON = "refused_by_person", _("The person said that it is not theirs")


class MailKind(models.TextChoices):
    """What a mail of ours says."""

    PROVE = "prove", _("Confirm the address")
    RECEIVED = "received", _("Request received")
    ANSWERED = "answered", _("Answer")
    OPENED = "opened", _("We wrote first")
    WAITING = "waiting", _("We wait for the customer")
    SOLVED = "solved", _("Solved")
    REMINDER = "reminder", _("Reminder")
    RATING = "rating", _("Question for a rating")
    MERGED = "merged", _("Joined with another request")
    SORRY = "sorry", _("Apology for a missed promise")
    WAS_IT_YOU = "was_it_you", _("Was this message yours?")


# Written by no person, caused by whoever writes to us: bounded for each address.
CAUSED_BY_MAIL = (MailKind.RECEIVED, MailKind.WAS_IT_YOU)


class Sent(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("of a mail", "To be sent")
    SENT = "sent", pgettext_lazy("of a mail", "Sent")
    REFUSED = "refused", pgettext_lazy("of a mail", "Refused by the mail server")
    BOUNCED = "bounced", pgettext_lazy("of a mail", "Came back")
    WITHHELD = "withheld", pgettext_lazy("of a mail", "Not sent")
