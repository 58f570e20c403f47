"""The fields of the publishing panel: how much a text changes, who is to review it, when it appears and goes."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.actions.reviewing import LONGEST_NOTE
from helpcenter.enums import Significance
from helpcenter.errors import InvalidTime
from helpcenter.moments import in_utc, zone_of
from supportdesk.accounts.models import User

UTC_CLOCK, OWN_CLOCK = "utc", "own"


class SchedulingForm(forms.Form):
    """Two moments, as the clock of UTC or of the person's own zone shows them."""

    publish_on = forms.DateField(label=_("Publish on"), required=False, widget=forms.DateInput(
        format="%Y-%m-%d", attrs={"type": "date"}
    ))  # fmt: skip
    publish_time = forms.TimeField(
        label=_("Publish at"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    unpublish_on = forms.DateField(
        label=_("Unpublish on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    unpublish_time = forms.TimeField(
        label=_("Unpublish at"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    clock = forms.ChoiceField(
        label=_("The times are those of"),
        choices=[(UTC_CLOCK, "UTC"), (OWN_CLOCK, _("my time zone"))],
        widget=forms.RadioSelect,
        initial=UTC_CLOCK,
        required=False,
    )
    own_zone: ZoneInfo = ZoneInfo("UTC")

    def know(self, person: Any) -> None:
        """Offer the zone that the person lives in."""
        self.own_zone = zone_of(person.time_zone)
        if self.own_zone.key == "UTC":
            self.fields["clock"].widget = forms.HiddenInput()
        else:
            self.fields["clock"].choices = [(UTC_CLOCK, "UTC"), (OWN_CLOCK, self.own_zone.key)]  # type: ignore[attr-defined]

    def moments(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of the two moments, day and time."""
        return [(self["publish_on"], self["publish_time"]), (self["unpublish_on"], self["unpublish_time"])]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("publish", "unpublish"):
            data[f"{name}_at"] = self._moment(name, data)
        return data

    def _moment(self, name: str, data: dict[str, Any]) -> datetime | None:
        """What the two fields of a moment say, in UTC; a day without a time begins at midnight."""
        day, clock = data.get(f"{name}_on"), data.get(f"{name}_time")
        if day is None:
            if clock is not None:
                self.add_error(f"{name}_on", _("Choose the day as well."))
            return None
        zone = self.own_zone if data.get("clock") == OWN_CLOCK else ZoneInfo("UTC")
        try:
            return in_utc(datetime.combine(day, clock or time.min), zone)
        except InvalidTime as error:
            self.add_error(f"{name}_time", str(error))
            return None


class PublishingForm(SchedulingForm):
    """The panel beside a text that is being written."""

    significance = forms.ChoiceField(
        label=_("How much does this change?"),
        choices=Significance.choices,
        initial=Significance.MAJOR,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("What changed, for the history"), max_length=300, required=False)
    reviewer = forms.ChoiceField(label=_("Reviewer"), required=False)
    review_note = forms.CharField(
        label=_("Note to the reviewer"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    is_ready = forms.BooleanField(label=_("Ready for translators as soon as it is public"), required=False)
    people: Sequence[User] = ()

    def offer(self, people: Sequence[User]) -> None:
        """Let one of these be asked for the review."""
        self.people = people
        anybody = ("", gettext("Whoever reviews this language"))
        self.fields["reviewer"].choices = [anybody, *((str(p.pk), str(p)) for p in people)]  # type: ignore[attr-defined]

    def clean_reviewer(self) -> User | None:
        return next((person for person in self.people if str(person.pk) == self.cleaned_data["reviewer"]), None)
