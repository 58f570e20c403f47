"""Fields of forms that many pages carry, written without Django's templates: those take three for each option."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_OPTION, _CHOSEN = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'


class Choice(forms.Select):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        options = ((_CHOSEN if str(key) in chosen else _OPTION, str(key), label) for key, label in self.choices)
        lines = format_html_join("\n", "{}", ((format_html(line, key, str(label)),) for line, key, label in options))
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **self.build_attrs(self.attrs, attrs)}), lines
        )


class Line(forms.TextInput):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        text = self.format_value(value)
        filled = {"value": text} if text is not None else {}
        own = self.build_attrs(self.attrs, attrs)
        return format_html("<input{}>", flatatt({"type": self.input_type, "name": name, **filled, **own}))


class Hidden(Line):
    input_type = "hidden"
