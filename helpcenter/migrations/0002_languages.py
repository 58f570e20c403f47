"""The twelve languages that ship, and the row of the content generation."""

from django.db import migrations

LANGUAGES = ("en", "zh-hans", "zh-hant", "ja", "ko", "ru", "es", "fr", "pt-br", "tr", "vi", "ar")
FALLBACKS = {"zh-hans": ["zh-hant", "en"], "zh-hant": ["zh-hans", "en"]}


def create(apps, schema_editor):
    site_language = apps.get_model("helpcenter", "SiteLanguage")
    for position, code in enumerate(LANGUAGES):
        site_language.objects.create(code=code, fallbacks=FALLBACKS.get(code, []), position=position * 10)
    apps.get_model("helpcenter", "ContentGeneration").objects.create(pk=1, number=1)


class Migration(migrations.Migration):
    dependencies = [("helpcenter", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
