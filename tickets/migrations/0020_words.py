"""The index of the text search: an FTS5 table on SQLite, a tsvector under a GIN index on PostgreSQL. An index for the
lists of what is pending or on hold."""

from django.db import migrations, models

import tickets.enums

SQLITE = [
    # The words come folded and cut from tickets.search; this tokenizer parts them at blanks and takes every letter
    # beyond ASCII as part of a word.
    "CREATE VIRTUAL TABLE tickets_words USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0)",
]
POSTGRES = [
    "CREATE TABLE tickets_words (ticket_id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX tickets_words_found ON tickets_words USING gin (words)",
]


def make(apps, schema_editor):
    statements = POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE tickets_words")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_portal")]

    operations = [
        migrations.RunPython(make, drop),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["new", "open", "pending", "on_hold"])),
                fields=["status", "next_due_at", "id"],
                name="tickets_of_a_status",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(choices=tickets.enums.EventKind.choices, max_length=20, verbose_name="event"),
        ),
    ]
