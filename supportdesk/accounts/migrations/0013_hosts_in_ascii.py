"""Addresses at hosts in letters outside of ASCII are kept in their form in ASCII, by which they are looked for now."""

from typing import Any

import idna
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def write_in_ascii(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """An address that somebody else has, or has proven, in this form already stays: whose it is, nobody can tell
    here."""
    people = apps.get_model("accounts", "User").objects.using(editor.connection.alias)
    proofs = apps.get_model("account", "EmailAddress").objects.using(editor.connection.alias)
    for person in people.exclude(email__regex=r"^[ -~]*$").only("email"):
        written, address = person.email, _in_ascii(person.email)
        others = proofs.filter(email=address, verified=True).exclude(user=person.pk)
        if address == written or people.filter(email=address).exists() or others.exists():
            continue
        people.filter(pk=person.pk).update(email=address)
        if not proofs.filter(user=person.pk, email=address).exists():
            proofs.filter(user=person.pk, email=written).update(email=address)


def _in_ascii(email: str) -> str:
    name, _, host = email.rpartition("@")
    try:
        return f"{name}@{idna.encode(host, uts46=True).decode()}".lower()
    except UnicodeError:
        return email


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_notice_sound"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(write_in_ascii, migrations.RunPython.noop)]
