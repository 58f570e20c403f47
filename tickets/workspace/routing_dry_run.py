"""A dry run of routing for leads: another setup, tried on the last tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.ui import languages
from tickets import dry_run, roster
from tickets.dry_run import Comparison, Figures, Past, Placed
from tickets.enums import PRIORITY_TONES, Priority
from tickets.errors import InvalidInput
from tickets.models import RoutingSetup
from tickets.routing import RoutingPolicy

MOST_SHOWN = 50
_ASSIST = tuple(f"assist_after_{priority}" for priority in ("urgent", "high", "normal", "low"))


class SetupForm(forms.ModelForm):
    """The settings of routing that decide who gets what. They are tried out and never saved."""

    head_starts = forms.CharField(
        label=_("Head start of tiers, in percent of the promise"),
        required=False,
        max_length=400,
        help_text=_("As in “vip 25, pro 10”."),
    )

    class Meta:
        model = RoutingSetup
        fields = (*_ASSIST, "guard_every", "guard_ratio")

    def __init__(self, data: Any, setup: RoutingSetup) -> None:
        starts = ", ".join(f"{row.tier} {row.percent}" for row in setup.head_starts.all())
        super().__init__(data, instance=setup, initial={"head_starts": starts})

    def clean_head_starts(self) -> dict[str, float]:
        """Shares by tier."""
        parts = [part.split() for part in self.cleaned_data["head_starts"].split(",") if part.strip()]
        if not all(len(part) == 2 and part[1].isascii() and part[1].isdigit() and len(part[1]) <= 2 for part in parts):
            raise ValidationError(gettext("Write each tier with a number from 0 to 90, parted by commas."))
        if any(int(percent) > 90 for _tier, percent in parts):
            raise ValidationError(gettext("A head start is 90 percent at most."))
        return {tier: int(percent) / 100 for tier, percent in parts}

    def policy(self, now_set: RoutingPolicy) -> RoutingPolicy:
        """Raises InvalidInput."""
        minutes = {priority: self.cleaned_data[f"assist_after_{priority}"] for priority in Priority.values}
        return replace(
            now_set,
            assist_after={priority: 60 * after for priority, after in minutes.items()},
            head_starts=self.cleaned_data["head_starts"],
            guard_every=self.cleaned_data["guard_every"],
            guard_ratio=self.cleaned_data["guard_ratio"],
        )


@dataclass(frozen=True)
class Row:
    """A priority, before and after."""

    label: str
    tone: str
    before: Figures
    after: Figures


@dataclass(frozen=True)
class Change:
    """A ticket for which something would be otherwise, in words."""

    number: str
    priority: str
    language: str
    before: str
    after: str


@dataclass(frozen=True)
class Result:
    tickets: int
    agents: int
    rows: Sequence[Row]
    changes: Sequence[Change]
    more: int


def run(form: SetupForm, now: datetime) -> Result | None:
    """What the setup of a valid form would change; None where it cannot be, which the form then says."""
    now_set = roster.policy_of(RoutingSetup.current())
    try:
        might_be = form.policy(now_set)
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
    past = dry_run.past_of(now)
    return _in_words(dry_run.compare(past, now_set, might_be), past)


def _in_words(found: Comparison, past: Past) -> Result:
    rows = [
        Row(str(Priority(name).label), PRIORITY_TONES[Priority(name)], *pair)
        for name, pair in found.by_priority.items()
    ]
    changes = [_change(row, past.names) for row in found.differences[:MOST_SHOWN]]
    more = max(0, len(found.differences) - MOST_SHOWN)
    return Result(found.tickets, len(past.agents), rows, changes, more)


def _change(row: dry_run.Difference, names: Mapping[int, str]) -> Change:
    language = languages.language(row.language).name if languages.is_known(row.language) else row.language
    before, after = _placed(row.before, names), _placed(row.after, names)
    return Change(row.number, str(Priority(row.priority).label), str(language), before, after)


def _placed(placed: Placed | None, names: Mapping[int, str]) -> str:
    if placed is None:
        return gettext("nobody")
    values = {"agent": names[placed.agent], "minutes": round(placed.waited / 60, 1)}
    return gettext("%(agent)s after %(minutes)s min") % values
