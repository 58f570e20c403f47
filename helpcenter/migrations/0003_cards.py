"""What lists say of an article, beside its texts; `set_up` deals the cards of articles that are there already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("helpcenter", "0002_languages")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="cards",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="cards"),
        ),
    ]
