"""Roles of the staff: what each may do, as one table. `manage.py set_up` writes it into groups."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission


@dataclass(frozen=True)
class Role:
    group: str
    permissions: tuple[str, ...]


CONTENT = (
    "article",
    "category",
    "tag",
    "announcement",
    "picture",
    "synonym",
    "linkhost",
    "contract",
    "glossaryterm",
    "fact",
    "factkind",
    "region",
    "contenttask",
)
PARTS = ("articletag", "relatedarticle", "factvalue")  # rows below an article or a fact, taken away again there
READ_ONLY = (
    "revision",
    "translationstate",
    "finding",
    "feedback",
    "searchlog",
    "contentevent",
    "sitelanguage",
    "walkcount",
    "reviewnote",
    "parityoverride",
    "teammember",
    "memorysegment",
    "articleuse",
    "slugredirect",
)

WRITING = ("add", "change", "delete")

EDITORS = (
    *(f"helpcenter.{verb}_{model}" for model in CONTENT for verb in ("add", "change", "view")),
    *(f"helpcenter.{verb}_{model}" for model in PARTS for verb in ("add", "change", "delete", "view")),
    *(f"helpcenter.view_{model}" for model in READ_ONLY),
    "helpcenter.delete_fact",
    "helpcenter.delete_contenttask",  # also brings a search back that was to be ignored
    "helpcenter.view_checkinterval",
    "helpcenter.publish_article",
    "helpcenter.accept_finding",
    "helpcenter.review_article",
    "helpcenter.approve_announcement",
    "releases.view_shippedrow",
)

AGENTS = ("helpcenter.read_agents_articles", "tickets.work_ticket")
DESK = (
    "tag",
    "topic",
    "topicfield",
    "fieldchoice",
    "department",
    "macro",
    "savedview",
    "agent",
    "agentlanguage",
    "agentcertificate",
    "tierheadstart",
    "triagerule",
    "triagephrases",
    "calendar",
    "calendardate",
    "slapolicy",
    "slatarget",
    "warnlevel",
    "surgesetup",
    "surgetext",
    "surgerule",
)
DESK_RECORDS = (
    "ticket",
    "ticketevent",
    "pendingrequest",
    "rating",
    "routingdecision",
    "decline",
    "presencechange",
    "triagelabel",
    "policyedition",
    "surgetransition",
    "marketsignal",
    "incident",
    "bulksend",
    "bulkrecipient",
)
LEADS = (
    *AGENTS,
    "tickets.lead_ticket",
    *(f"tickets.{verb}_{model}" for model in DESK for verb in (*WRITING, "view")),
    *(f"tickets.{verb}_{model}" for model in ("routingsetup", "triagetable") for verb in ("change", "view")),
    *(f"tickets.view_{model}" for model in DESK_RECORDS),
    "releases.view_shippedrow",
)

ROLES = (
    Role("Content editors", EDITORS),
    # Approve what they wrote themselves, accept differences of translations, and say who is in which language's team.
    Role(
        "Content leads",
        (
            *EDITORS,
            "helpcenter.lead_article",
            *(f"helpcenter.{verb}_{model}" for model in ("teammember", "checkinterval") for verb in WRITING),
        ),
    ),
    Role(
        "Translators",
        (
            "helpcenter.view_article",
            "helpcenter.change_article",
            "helpcenter.view_category",
            "helpcenter.view_picture",
            "helpcenter.view_glossaryterm",
            *(
                f"helpcenter.view_{model}"
                for model in (
                    "revision",
                    "translationstate",
                    "reviewnote",
                    "memorysegment",
                    "teammember",
                    "contenttask",
                )
            ),
            *(f"helpcenter.view_{model}" for model in ("fact", "factkind", "factvalue")),
        ),
    ),
    Role("Agents", AGENTS),
    Role("Team leads", LEADS),
    Role("Identity officers", ()),  # gets its rights with the identity vault
)


def write_groups() -> None:
    """Create the groups of `ROLES` and give each exactly its permissions. Raises LookupError for an unknown one."""
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role in ROLES:
        missing = [name for name in role.permissions if name not in known]
        if missing:
            raise LookupError(f"Role {role.group!r} names permissions that do not exist: {', '.join(missing)}.")
        group, _ = Group.objects.get_or_create(name=role.group)
        group.permissions.set([known[name] for name in role.permissions])
