"""The form in which a lead changes a colleague's day: whether they take work, and how much."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.actions import leading
from tickets.enums import Presence
from tickets.models import Agent


class DayForm(forms.Form):
    presence = forms.ChoiceField(label=_("Presence"), choices=Presence.choices, show_hidden_initial=True)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=80,
        required=False,
        help_text=_("Needed for “Away”: a word for colleagues."),
        show_hidden_initial=True,
    )
    capacity = forms.IntegerField(
        label=_("Tickets in work at once"),
        min_value=0,
        max_value=leading.MOST,
        help_text=_("What the agent has already stays. With 0, nothing new is given out to them."),
    )

    def save(self, agent: Agent, *, by: Any) -> Agent:
        """Change a colleague's day. A presence that the lead did not touch is not written: the colleague may have
        changed it meanwhile. Raises what the action raises."""
        values = dict(self.cleaned_data)
        if not {"presence", "reason"} & set(self.changed_data):
            values["presence"] = None
        return leading.change_day(agent, by=by, **values)


def values_of(agent: Agent) -> dict[str, Any]:
    """An agent as the form shows them."""
    return {"presence": agent.presence, "reason": agent.presence_reason, "capacity": agent.capacity}
