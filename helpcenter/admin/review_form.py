"""What a reviewer writes: a decision on a text, and comments on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpcenter.actions.reviewing import LONGEST_NOTE
from helpcenter.admin.publishing_form import SchedulingForm
from helpcenter.models import Revision
from helpcenter.outline import INTRO_KEY


class DecisionForm(SchedulingForm):
    """A decision on the revision that the person saw (`seen`, its number)."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    decision_note = forms.CharField(
        label=_("Note to the author (needed when you ask for changes or reject)"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    is_ready = forms.BooleanField(label=_("Ready for translators as soon as it is public"), required=False)


class CommentForm(forms.Form):
    """A comment on a text or one of its parts, or an answer to one (`answers`, its key)."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    part = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Comment"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    answers = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, revision: Revision, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = {INTRO_KEY: _("The beginning")}
        titles = [(part.key, part.title or names.get(part.key, part.key)) for part in revision.parts]
        self.fields["part"].choices = [("", _("The whole text")), *titles]  # type: ignore[attr-defined]
