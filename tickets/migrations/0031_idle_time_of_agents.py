import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The row that says since when an agent is idle is called so. Its table keeps its name: while servers are exchanged one
    by one, the old code reads it too."""

    dependencies = [('tickets', '0030_learned_wordings')]

    operations = [
        migrations.AlterModelTable('Turn', 'tickets_turn'),
        migrations.RenameModel('Turn', 'AgentIdleTime'),
        migrations.AlterField(
            model_name='agentidletime',
            name='agent',
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name='idle_time',
                to='tickets.agent',
                verbose_name='agent',
            ),
        ),
    ]
