"""The form that plays a recorded crash where the demo's content is."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.actions import replaying_crash

START, STOP, REMOVE = "start", "stop", "remove"
SPEEDS = [
    (60, _("60 times: over in 75 seconds")),
    (15, _("15 times: over in 5 minutes")),
    (5, _("5 times: over in 15 minutes")),
    (1, _("As it was: 75 minutes")),
]


class ReplayForm(forms.Form):
    """What to do (`act`); a speed counts where it begins or goes on."""

    act = forms.ChoiceField(choices=[(START, START), (STOP, STOP), (REMOVE, REMOVE)], widget=forms.HiddenInput)
    speed = forms.TypedChoiceField(
        label=_("Speed"), choices=SPEEDS, coerce=int, required=False, empty_value=str(replaying_crash.SPEED), initial=15
    )

    def run(self, *, by: Any) -> str:
        """Start, stop or remove a replay; returns what was done, in words. Raises what the actions raise."""
        act = self.cleaned_data["act"]
        if act == START:
            replaying_crash.start_replay(by=by, speed=int(self.cleaned_data["speed"]))
            return gettext("The crash is being replayed: watch the figures.")
        if act == STOP:
            replaying_crash.stop_replay(by=by)
            return gettext("The replay rests. What it has made stays until you remove it.")
        replaying_crash.remove_replay(by=by)
        return gettext("The tickets of the replay are being removed.")
