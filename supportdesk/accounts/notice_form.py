"""How a person hears of what: a sound and a message of the browser, one choice for each kind of notice, quiet hours,
and the hour of the daily mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import kinds, notices
from supportdesk.accounts.models import NoticeChoice, User, Way

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
KIND = "kind_"
HERE = ("notice_sound", "notice_window")  # while a page is open
KEPT = (*HERE, "quiet_from", "quiet_until", "digest_hour")  # columns of the person


class NoticeSettingsForm(forms.Form):
    notice_sound = forms.BooleanField(label=_("A sound when something new waits"), required=False)
    notice_window = forms.BooleanField(label=_("A message of the browser when something new waits"), required=False)
    quiet_from = forms.TimeField(
        label=_("No mail from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    digest_hour = forms.TypedChoiceField(label=_("Hour of the daily mail"), choices=HOURS, coerce=int)

    def __init__(self, data: Any = None, *, person: User) -> None:
        self.person = person
        super().__init__(data, initial={name: getattr(person, name) for name in KEPT})
        chosen = dict(NoticeChoice.objects.filter(person=person).values_list("kind", "way"))
        for name, kind in kinds.known_to(person).items():
            self.fields[f"{KIND}{name}"] = forms.ChoiceField(
                label=str(kind.sentence) % {"subject": "…"},
                choices=Way,
                initial=chosen.get(name, notices.by_default(name)),
            )

    @property
    def here(self) -> list[forms.BoundField]:
        """What happens while a page is open."""
        return [self[name] for name in HERE]

    @property
    def elsewhere(self) -> list[forms.BoundField]:
        """What is heard by mail."""
        return [field for field in self if field.name not in HERE]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", gettext("Give both hours, or neither."))
        return cleaned

    def keep(self) -> None:
        """Store what was chosen."""
        values = self.cleaned_data
        User.objects.filter(pk=self.person.pk).update(**{name: values[name] for name in KEPT})
        ways = {name.removeprefix(KIND): way for name, way in values.items() if name.startswith(KIND)}
        notices.choose_ways(self.person, ways)
