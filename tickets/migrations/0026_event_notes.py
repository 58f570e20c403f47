import django.db.models.deletion
from django.db import migrations, models

# What events of this version may hold as their reason; anything else was written by somebody.
REASONS = [
    "agent_gone",
    "assigned",
    "by_customer",
    "consulted",
    "customer_wrote",
    "department_answered",
    "incident",
    "given_back",
    "involved",
    "knowledge",
    "language",
    "leaving",
    "merged",
    "no_reply_needed",
    "noted",
    "other",
    "reopened",
    "replied",
    "revisit",
    "routed",
    "silent",
    "taken_up",
    "week_passed",
]
BATCH = 2000


def move_words(apps, schema_editor):
    """Words that people gave as a reason leave the events, which keep none."""
    TicketEvent, EventNote = apps.get_model("tickets", "TicketEvent"), apps.get_model("tickets", "EventNote")
    rows = models.QuerySet(TicketEvent).exclude(reason="").exclude(reason__in=REASONS)
    while found := list(rows.values_list("pk", "reason")[:BATCH]):
        EventNote.objects.bulk_create(EventNote(event_id=pk, note=words) for pk, words in found)
        models.QuerySet(TicketEvent).filter(pk__in=[pk for pk, _ in found]).update(reason="")


def move_words_back(apps, schema_editor):
    TicketEvent, EventNote = apps.get_model("tickets", "TicketEvent"), apps.get_model("tickets", "EventNote")
    for note in EventNote.objects.iterator(BATCH):
        models.QuerySet(TicketEvent).filter(pk=note.event_id, reason="").update(reason=note.note)


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0025_missed_promises"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventNote",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="tickets.ticketevent",
                    ),
                ),
                ("note", models.CharField(max_length=200, verbose_name="reason")),
            ],
            options={"verbose_name": "reason of an event", "verbose_name_plural": "reasons of events"},
        ),
        migrations.RunPython(move_words, move_words_back),
    ]
