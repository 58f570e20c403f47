from django.db import migrations, models


def stand_where_texts_stood(apps, schema_editor):
    """What was public before there were reviews counts as approved; what waited behind it is a draft."""
    states = apps.get_model("helpcenter", "TranslationState").objects
    published = states.filter(published__isnull=False)
    published.update(approved=models.F("published"), ready=models.F("published"), ready_at=models.F("published_at"))
    published.filter(latest=models.F("published")).update(standing="published")
    announcements = apps.get_model("helpcenter", "Announcement").objects
    announcements.filter(published_at__isnull=False).update(approved_at=models.F("published_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("helpcenter", "0008_content_desk"),
    ]

    operations = [
        migrations.RunPython(stand_where_texts_stood, migrations.RunPython.noop),
    ]
