"""Closed sets of the help centre, each with the table that says how it is shown."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ArticleKind(TextChoices):
    FAQ = "faq", _("Question and answer")
    GUIDE = "guide", _("Step-by-step guide")
    TROUBLESHOOTER = "troubleshooter", _("Troubleshooter")
    CONTRACT = "contract", _("Contract specification")


class ContractForm(TextChoices):
    """What a contract is margined and settled in: its quote currency (linear), or the coin itself (inverse)."""

    LINEAR = "linear", _("Linear")
    INVERSE = "inverse", _("Inverse")


class Side(TextChoices):
    LONG = "long", _("Long")
    SHORT = "short", _("Short")

    @property
    def sign(self) -> int:
        """1 where a rising price gains, -1 where a falling one does."""
        return 1 if self == Side.LONG else -1


class Audience(TextChoices):
    PUBLIC = "public", _("Everyone")
    AGENTS = "agents", _("Agents only")


class Significance(TextChoices):
    """How much of a change readers and translators need to know of."""

    TYPO = "typo", _("Typo: nothing to translate")
    MINOR = "minor", _("Minor: wording, translations stay correct")
    MAJOR = "major", _("Major: readers may have acted on the old text")


class Standing(TextChoices):
    """Where the newest text of an article in a language stands on its way to readers."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_ASKED = "changes_asked", _("Changes asked")
    REJECTED = "rejected", _("Rejected")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")


# From -> where it may go. A new text is a draft wherever the one before it stood; publishing what a lead may publish
# without a review passes through APPROVED.
MOVES: dict[Standing, frozenset[Standing]] = {
    Standing.DRAFT: frozenset({Standing.IN_REVIEW, Standing.APPROVED}),
    Standing.IN_REVIEW: frozenset({Standing.DRAFT, Standing.CHANGES_ASKED, Standing.REJECTED, Standing.APPROVED}),
    Standing.CHANGES_ASKED: frozenset({Standing.DRAFT, Standing.IN_REVIEW, Standing.APPROVED}),
    Standing.REJECTED: frozenset({Standing.DRAFT}),
    Standing.APPROVED: frozenset({Standing.DRAFT, Standing.PUBLISHED}),
    Standing.PUBLISHED: frozenset({Standing.DRAFT, Standing.IN_REVIEW}),
}


class Verdict(TextChoices):
    """What a review note decides; an empty one is a comment."""

    SUBMITTED = "submitted", _("asks for a review")
    CHANGES_ASKED = "changes_asked", _("asks for changes")
    REJECTED = "rejected", _("rejects it")
    APPROVED = "approved", _("approves it")


class TeamRole(TextChoices):
    TRANSLATOR = "translator", _("Translator")
    REVIEWER = "reviewer", _("Reviewer")
    LEAD = "lead", _("Language lead")


class TaskKind(TextChoices):
    WRITE = "write", _("Write an article")
    TRANSLATE = "translate", _("Translate")
    CORRECT = "correct", _("Correct")
    SYNONYM = "synonym", _("Add a synonym")
    CHECK = "check", _("Check whether it is still true")
    IGNORED = "ignored", _("Nothing to do")


class AnnouncementKind(TextChoices):
    ANNOUNCEMENT = "announcement", _("Announcement")
    MAINTENANCE = "maintenance", _("Maintenance")
    MARKET_RISK = "market_risk", _("Market risk")
    PHISHING = "phishing", _("Phishing alert")
    INCIDENT = "incident", _("Incident")


# Alerts that make people act at once: a second person reads them before readers do.
NEEDS_SECOND_PERSON = frozenset({AnnouncementKind.MARKET_RISK, AnnouncementKind.PHISHING})


class FeedbackReason(TextChoices):
    HARD = "hard", _("It is hard to understand")
    STEPS = "steps", _("The steps don’t match what I see")
    OUTDATED = "outdated", _("It is out of date")
    OTHER_QUESTION = "other_question", _("My question is a different one")


class FindingKind(TextChoices):
    SECRET = "secret", _("Secret")
    LINK_HOST = "link_host", _("Link to a host that is not on the list")
    UNKNOWN_FACT = "unknown_fact", _("Fact that does not exist")
    OUTDATED_FACT = "outdated_fact", _("Fact without a value today")


class EventKind(TextChoices):
    DRAFTED = "drafted", _("draft saved")
    PUBLISHED = "published", _("published")
    UNPUBLISHED = "unpublished", _("unpublished")
    ARCHIVED = "archived", _("archived")
    CHANGED = "changed", _("details changed")
    FINDING_ACCEPTED = "finding_accepted", _("finding accepted")
    ANNOUNCED = "announced", _("announcement saved")
    INSTANT = "instant", _("moment of an announcement")
    FACT_CHANGED = "fact_changed", _("fact changed")
    GLOSSARY = "glossary", _("glossary changed")
    SUBMITTED = "submitted", _("sent for review")
    WITHDRAWN = "withdrawn", _("taken back from review")
    CHANGES_ASKED = "changes_asked", _("changes asked")
    REJECTED = "rejected", _("rejected")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    UNSCHEDULED = "unscheduled", _("schedule taken back")
    DUE = "due", _("moment of a schedule")
    READY = "ready", _("ready for translators")
    COMMENTED = "commented", _("commented")
    TAKEN_OVER = "taken_over", _("editing taken over")
    DIFFERENCE_ACCEPTED = "difference_accepted", _("difference accepted")
    ASSIGNED = "assigned", _("assigned")
    CHECKED = "checked", _("found to be still true")
    MOVED = "moved", _("address changed")
    PINNED = "pinned", _("pinned")
    UNPINNED = "unpinned", _("no longer pinned")


class PinReason(TextChoices):
    """Why a text stands above all others for a while."""

    BUSY = "busy", _("many people ask")
    INCIDENT = "incident", _("something is out of order")


# What readers are told of it.
PINNED_BECAUSE = {
    PinReason.BUSY: _("Pinned because many people are asking about this right now."),
    PinReason.INCIDENT: _("Pinned because of a problem that we are working on right now."),
}


class Subject(TextChoices):
    """What a word of the glossary is about, in the order in which readers see the groups."""

    TRADING = "trading", _("Contracts and orders")
    PRICES = "prices", _("Prices and funding")
    MARGIN = "margin", _("Margin and liquidation")
    MONEY = "money", _("Account and money")
    SECURITY = "security", _("Security and identity")
    SUPPORT = "support", _("Help centre and support")


class Stage(TextChoices):
    """Which part of the query pipeline found the results."""

    ALL_WORDS = "all_words", _("all words")
    SOME_WORDS = "some_words", _("some words")
    CORRECTED = "corrected", _("corrected spelling")
    OTHER_LANGUAGE = "other_language", _("another language")
    DATABASE = "database", _("plain text search")
    NOTHING = "nothing", _("nothing found")


@dataclass(frozen=True)
class Display:
    """How a value is drawn: its words, the modifier of its tag (`bad` in `tag bad`), the icon of its band."""

    label: str | Promise
    tone: str = ""
    icon: str = "info"


ANNOUNCEMENT_DISPLAY = {
    AnnouncementKind.ANNOUNCEMENT: Display(AnnouncementKind.ANNOUNCEMENT.label),
    AnnouncementKind.MAINTENANCE: Display(AnnouncementKind.MAINTENANCE.label),
    AnnouncementKind.MARKET_RISK: Display(AnnouncementKind.MARKET_RISK.label, "warn", "warning"),
    AnnouncementKind.PHISHING: Display(AnnouncementKind.PHISHING.label, "bad", "warning"),
    AnnouncementKind.INCIDENT: Display(AnnouncementKind.INCIDENT.label, "warn", "warning"),
}

STANDING_DISPLAY = {
    Standing.DRAFT: Display(Standing.DRAFT.label),
    Standing.IN_REVIEW: Display(Standing.IN_REVIEW.label, "info"),
    Standing.CHANGES_ASKED: Display(Standing.CHANGES_ASKED.label, "warn"),
    Standing.REJECTED: Display(Standing.REJECTED.label, "bad"),
    Standing.APPROVED: Display(Standing.APPROVED.label, "ok"),
    Standing.PUBLISHED: Display(Standing.PUBLISHED.label, "ok"),
}
