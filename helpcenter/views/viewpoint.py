"""From where a reader looks at the facts of a page: which region, and as of which moment."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language

from helpcenter import factbook, units
from helpcenter.content.fact_filling import facts_in, has_facts
from helpcenter.content.regions import CODE, has_regions, regions_in
from helpcenter.facts import EVERYWHERE, DatedFact

LONGEST_CODE = 20  # characters of a region


@dataclass(frozen=True)
class RegionChoice:
    """A region that has values of its own on the page; everywhere else has no code."""

    code: str
    name: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class Viewpoint:
    """`at` is the moment that was asked for (UTC), None for now; `is_ignored`: it was no moment of which anything is
    known. A page on which nothing differs between regions keeps the reader's choice for the next one."""

    has_facts: bool = False
    region: str = EVERYWHERE
    at: datetime | None = None
    is_ignored: bool = False
    regions: tuple[RegionChoice, ...] = ()

    @property
    def query(self) -> str:
        """What the language menu keeps of the address."""
        return _query(self.at, self.region)

    @property
    def is_told(self) -> bool:
        """Whether the page has to say for which region and moment it shows the facts."""
        return self.at is not None or self.is_ignored or bool(self.regions)

    @property
    def today(self) -> str:
        """The query of the same page with the values of now; `?` where that is the plain address."""
        return _query(None, self.region) or "?"

    def marked(self, response: HttpResponse) -> HttpResponse:
        """Marks a page of another moment as not to be cached and not to be indexed."""
        if self.at is not None or self.is_ignored:
            response.private = True  # type: ignore[attr-defined]  # read by `public_page`
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        return response


def region_of(request: HttpRequest) -> str:
    """The region of `?region=`, where there is one; empty for everywhere."""
    code = request.GET.get("region", "")
    if len(code) > LONGEST_CODE or not CODE.fullmatch(code):
        return EVERYWHERE
    return code if code in factbook.book().regions or code in factbook.regions() else EVERYWHERE


def look(request: HttpRequest, html: str) -> Viewpoint:
    """How the reader of a request looks at the facts in stored HTML."""
    asked = request.GET.get("asof", "")
    if not has_facts(html) and not has_regions(html):
        return Viewpoint(region=region_of(request), is_ignored=bool(asked))
    facts = facts_in(html, factbook.book()) if has_facts(html) else []
    region = region_of(request)
    at = _known_moment(asked, facts) if asked and facts else None
    own = {code for fact in facts for code in fact.regions()} | regions_in(html)
    return Viewpoint(bool(facts), region, at, bool(asked) and at is None, _choices(own, region, at))


def _known_moment(text: str, facts: list[DatedFact]) -> datetime | None:
    """The moment that a text names, if the facts know of it: not before their first values, and not after the last
    change that is announced."""
    try:
        moment = units.read_moment(text.strip())
    except ValueError:
        return None
    known = {instant for fact in facts for instant in fact.instants()} | {timezone.now()}
    return moment if min(known) <= moment <= max(known) else None


def _choices(own: set[str], region: str, at: datetime | None) -> tuple[RegionChoice, ...]:
    """The regions in which something else holds on the page, and the reader's own, which no other page has to name."""
    if not own:
        return ()
    language = get_language() or settings.LANGUAGE_CODE
    named = factbook.names_of_regions(own | ({region} - {EVERYWHERE}), language)
    return tuple(
        RegionChoice(code, name, _query(at, code) or "?", code == region)
        for code, name in {EVERYWHERE: "", **named}.items()
    )


def _query(at: datetime | None, region: str) -> str:
    values = {"region": region, "asof": units.write_moment(at) if at else ""}
    known = {name: value for name, value in values.items() if value}
    return f"?{urlencode(known)}" if known else ""
