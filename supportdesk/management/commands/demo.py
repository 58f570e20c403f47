"""`manage.py demo`: the content of fixtures/ and somebody to sign in as."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import override

from helpcenter.actions import contracts, publishing, search_words
from helpcenter.models import Article, GlossaryTerm, LinkHost
from helpcenter.search import indexing
from supportdesk.accounts.models import User
from supportdesk.accounts.requesters import person_of
from supportdesk.management import demo_desk, demo_incident, demo_tickets
from supportdesk.releases.bringing import bring_always
from supportdesk.ui.languages import content_languages
from tickets.actions import replaying_crash
from tickets.actions.shipped_rows import Macros

FIXTURES = settings.BASE_DIR / "fixtures"
PASSWORD = "northgate-demo"  # noqa: S105 - printed on purpose; the command refuses to run on a server
# E-mail, name, groups, whether a superuser
CAST = (
    ("admin@northgate.example", "Ada Admin", (), True),
    ("editor@northgate.example", "Clara Weiss", ("Content editors",), False),
    ("lead@northgate.example", "Lena Brandt", ("Content leads",), False),
    ("translator@northgate.example", "Lin Yu", ("Translators",), False),
    ("agent@northgate.example", "Rui Tavares", ("Agents",), False),
    ("agent2@northgate.example", "Mina Sato", ("Agents",), False),
    ("agent3@northgate.example", "Chen Yutong", ("Agents",), False),
    ("agent4@northgate.example", "Anton Reznik", ("Agents",), False),
    ("agent5@northgate.example", "Salma Haddad", ("Agents",), False),
    ("agent6@northgate.example", "Elif Kaya", ("Agents",), False),
    ("desk-lead@northgate.example", "Noor Lindqvist", ("Team leads",), False),
    ("trader@northgate.example", "Sam Whitfield", (), False),
)


def part_of(groups: Sequence[str], is_superuser: bool) -> str:
    """What somebody of the cast is there for."""
    return "everything" if is_superuser else ", ".join(groups) or "a trader with requests of their own"


class Command(BaseCommand):
    help = "Load the demo content (once; again with --reset) and print the logins and addresses to look at."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="empty the database first")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SITE_URL.startswith("https://"):
            raise CommandError("This site has a public address; demo logins with known passwords do not belong here.")
        if options["reset"]:
            call_command("flush", interactive=False, verbosity=0)
            call_command("migrate", "helpcenter", "0001", verbosity=0)  # the flush took the rows of 0002
            call_command("set_up", verbosity=0)
        self.create_people()
        if Article.objects.exists():
            self.stdout.write("Content is there already; it stays as it is.")
        else:
            self.load_content()
            demo_desk.load(FIXTURES / "desk.yaml")
        if not GlossaryTerm.objects.exists():
            self.load_glossary()
        bring_always(Macros(FIXTURES / "desk"))
        demo_tickets.load(FIXTURES / "desk" / "tickets.yaml")
        demo_incident.load(FIXTURES / "desk" / "incident.yaml", FIXTURES / "demo" / "crash_texts.yaml")
        replaying_crash.offer_replay()
        for alias in indexing.aliases():
            indexing.sync(alias)
        self.print_addresses(options["port"])

    def create_people(self) -> None:
        for email, name, groups, is_superuser in CAST:
            user = User.objects.filter(email=email).first()
            if user is None:
                is_staff = bool(groups) or is_superuser
                user = User.objects.create_user(
                    email, PASSWORD, name=name, is_staff=is_staff, is_superuser=is_superuser
                )
            person_of(email, language=user.language)  # the address counts as proven: signing in asks for no code
            user.groups.set(Group.objects.filter(name__in=groups))

    def load_content(self) -> None:
        LinkHost.objects.get_or_create(host="northgate.example")
        self.load_facts()  # before the texts that name them
        call_command("import_articles", str(FIXTURES / "help"), publish=True, verbosity=0, stdout=self.stdout)
        offered = yaml.safe_load(Path(FIXTURES / "popular_searches.yaml").read_text(encoding="utf-8"))
        search_words.offer_searches(offered)
        self.load_contracts()

    def load_contracts(self) -> None:
        contracts.save_contracts(yaml.safe_load((FIXTURES / "contracts.yaml").read_text(encoding="utf-8")))

    def load_glossary(self) -> None:
        """The words come after the articles that explain them; articles link to words at once, without a worker."""
        call_command("import_glossary", verbosity=0, stdout=self.stdout)
        for language in content_languages():
            publishing.draw_words_again(language)

    def load_facts(self) -> None:
        names = {"regions": FIXTURES / "regions.yaml", "kinds": FIXTURES / "fact_kinds.yaml"}
        given = {option: file for option, file in names.items() if file.exists()}
        values = [str(file) for file in (FIXTURES / "facts.csv",) if file.exists()]
        call_command("import_facts", *values, **given, apply=True, verbosity=0, stdout=self.stdout)

    def print_addresses(self, port: int) -> None:
        root = f"http://127.0.0.1:{port}"
        with override("en"):
            guide = reverse("helpcenter:article", args=["lost-2fa-device"])
            own, sign_in = reverse("portal:tickets"), reverse("account_login")
        self.stdout.write(f"\nSign in at {root}{sign_in} with the password {PASSWORD}:")
        for email, name, groups, is_superuser in CAST:
            self.stdout.write(f"  {email:<30} {name}, {part_of(groups, is_superuser)}")
        self.stdout.write("\nLook first at")
        for path, what in (
            ("/", "the help centre in your browser's language"),
            (f"/zh-hans{guide.removeprefix('/en')}", "a guide in Chinese; switch to Arabic from it"),
            ("/zh-hans/search/?q=强平", "the search"),
            (f"/{settings.ADMIN_PATH}", "the desk of the editors"),
            (reverse("workspace:queue"), "the support desk, as an agent"),
            (reverse("workspace:lead"), "the live queue, as the desk's lead: replay a crash there"),
            (reverse("workspace:incidents"), "an incident that waits to be answered, as the desk's lead"),
            (own, "its other side, as the trader"),
        ):
            self.stdout.write(f"  {root + path:<58} {what}")
        if settings.EMAIL_BACKEND.endswith(".console.EmailBackend"):
            self.stdout.write(
                "\nMails are printed here as they leave: who asks without an account follows the link in theirs."
            )
