"""What a password must be, said in our words: Django's own are not translated into every language of the site."""

from typing import Any

from django.contrib.auth import password_validation
from django.utils.translation import gettext, ngettext


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return ngettext(
            "Use at least %(count)d character for the password.",
            "Use at least %(count)d characters for the password.",
            self.min_length,
        ) % {"count": self.min_length}


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return gettext("Many people use this password, so others guess it. Choose another one.")


class NotLikeThePerson(password_validation.UserAttributeSimilarityValidator):
    """Compares with the address and the name; in our model there is nothing else that others know."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"user_attributes": ("email", "name"), **options})

    def get_error_message(self) -> str:
        return gettext("This password is like your e-mail address or your name. Choose another one.")
