"""What a specification page shows below its text, and the calculator: both from the facts of the moment."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpcenter import freshness
from helpcenter.contract_facts import ContractFacts, contract_facts
from helpcenter.contracts import formulas, working
from helpcenter.contracts.formulas import Position
from helpcenter.contracts.numbers import unmistakable, written, written_percent
from helpcenter.contracts.terms import Terms, terms_of
from helpcenter.contracts.working import FEE_DECIMALS, Case, Line, Symbol
from helpcenter.enums import ContractForm, Side
from helpcenter.errors import ContractIncomplete
from helpcenter.forms import CalculatorForm
from helpcenter.models import Article, Contract
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import leave_language, render_page

FIELDS = ("side", "entry", "size", "leverage", "exit", "rate")
LONGEST_ECHO = 100  # characters of a field that the language menu takes along
EXAMPLE_LEVERAGE, EXAMPLE_RATE, EXAMPLE_MOVE = Decimal(10), Decimal("0.0001"), Decimal("1.01")
# Examples of both sides have the same price, size and leverage; the second shows what differs.
SAME_ON_BOTH_SIDES = ("value", "margin", "fee", "closing_fee")


@dataclass(frozen=True)
class Example:
    """A worked example: a position of one side with its results."""

    side: Side
    lines: list[Line]


@dataclass(frozen=True)
class Specification:
    """What is shown of a contract below its article; without `terms` a figure is missing, and nothing is calculated."""

    contract: Contract
    facts: ContractFacts
    terms: Terms | None
    examples: list[Example] = field(default_factory=list)
    legend: list[Symbol] = field(default_factory=list)
    calculator: str = ""


def specification(slug: str, language: str, region: str = "", at: datetime | None = None) -> Specification | None:
    """The worked examples of a contract in the number format of a language, from the facts of a region and a moment
    (UTC; now by default); None where no such contract is listed."""
    contract = Contract.objects.listed().filter(slug=slug).first()
    if contract is None:
        return None
    facts, terms = _figures(contract, region, at or timezone.now())
    if terms is None:
        return Specification(contract, facts, None)
    long, short = (_example(contract, terms, side) for side in Side)
    examples = [
        Example(Side.LONG, working.lines(long, language)),
        Example(Side.SHORT, [line for line in working.lines(short, language) if line.name not in SAME_ON_BOTH_SIDES]),
    ]
    legend = working.legend(long, language)
    typed = _typed(long) | ({"region": region} if region else {})
    return Specification(contract, facts, terms, examples, legend, _address(slug, typed))


def _figures(contract: Contract, region: str, at: datetime) -> tuple[ContractFacts, Terms | None]:
    facts = contract_facts(contract.slug, region, at)
    try:
        return facts, terms_of(contract, facts.values)
    except ContractIncomplete:  # the admin names what is missing
        return facts, None


def _example(contract: Contract, terms: Terms, side: Side) -> Case:
    entry = formulas.to_tick(contract.example_price, terms.tick, up=True)
    size = formulas.to_tick(contract.example_size, terms.lot, up=True)
    position = Position(terms, side, entry, size, min(EXAMPLE_LEVERAGE, terms.max_leverage))
    closing = formulas.to_tick(entry * EXAMPLE_MOVE, terms.tick, up=True)
    rate = None if terms.funding_cap is None else min(EXAMPLE_RATE, terms.funding_cap)
    return Case(position, contract.base, contract.quote, contract.settle, closing, rate)


def _typed(case: Case) -> dict[str, str]:
    """A case as somebody would type it into the calculator."""
    position = case.position
    numbers = {"entry": position.entry, "size": position.size, "leverage": position.leverage, "exit": case.closing}
    numbers["rate"] = None if case.rate is None else case.rate.scaleb(2)
    typed = {name: unmistakable(number) for name, number in numbers.items() if number is not None}
    return {"side": position.side.value, **typed}


def _address(slug: str, typed: dict[str, str]) -> str:
    return f"{reverse('helpcenter:calculator', args=[slug])}?{urlencode(typed)}"


@dataclass(frozen=True)
class ComparedContract:
    """A line of the comparison: figures as a language writes them, none where one is missing; the contract's page is
    linked where readers can read it."""

    contract: Contract
    figures: list[str]
    has_page: bool


@public_page("off")
def comparison(request: HttpRequest) -> HttpResponse:
    """All listed contracts side by side."""
    language = get_language() or settings.LANGUAGE_CODE
    now = timezone.now()
    pages = set(Article.objects.public().published().of_contracts().values_list("slug", flat=True))
    rows = [
        ComparedContract(contract, _compared(contract, language, now), contract.slug in pages)
        for contract in Contract.objects.listed()
    ]
    return render_page(request, "helpcenter/contracts.html", {"rows": rows})


def _compared(contract: Contract, language: str, at: datetime) -> list[str]:
    _, terms = _figures(contract, "", at)
    if terms is None:
        return []
    unit = contract.base if terms.form == ContractForm.LINEAR else contract.quote
    return [
        f"{written(terms.contract_size, language)} {unit}",
        f"{written(terms.tick, language)} {contract.quote}",
        written(terms.lot, language),
        f"{written(terms.max_leverage, language)}x",
        written_percent(terms.maintenance_margin, language),
        written_percent(terms.maker_fee, language, FEE_DECIMALS),
        written_percent(terms.taker_fee, language, FEE_DECIMALS),
    ]


@require_safe
def calculator(request: HttpRequest, slug: str) -> HttpResponse:
    """A position, calculated from what the address says, so that it can be shared and works without JavaScript."""
    language = get_language() or settings.LANGUAGE_CODE
    if not freshness.current().is_public(language):
        return leave_language(request, language)
    if not Article.objects.public().published().of_contracts().filter(slug=slug).exists():
        raise Http404  # asked first: a page that is not public answers like one that does not exist
    contract = get_object_or_404(Contract.objects.listed(), slug=slug)
    asked, now = _asked(request), timezone.now()
    facts, terms = _figures(contract, asked.get("region", ""), now)
    context: dict[str, Any] = {"contract": contract, "facts": facts, "now": now, "region": asked.get("region", "")}
    context["is_expired"] = contract.is_expired(now)
    if terms is not None:
        context |= _calculation(asked, contract, terms, language)
    query = urlencode({name: value[:LONGEST_ECHO] for name, value in asked.items()})
    response = render_page(request, "helpcenter/calculator.html", context, query=f"?{query}" if query else "")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _asked(request: HttpRequest) -> dict[str, str]:
    """The fields that the address fills; null characters have no place on a page."""
    known = {
        name: request.GET[name].replace("\0", "\N{REPLACEMENT CHARACTER}")
        for name in (*FIELDS, "region")
        if name in request.GET
    }
    return {name: value for name, value in known.items() if name != "region" or value}


def _calculation(asked: dict[str, str], contract: Contract, terms: Terms, language: str) -> dict[str, Any]:
    """The form as it was filled, with its result; without any field the example stands in it."""
    options: dict[str, Any] = {"contract": contract, "terms": terms, "language": language}
    if not set(asked) & set(FIELDS):
        return {"form": CalculatorForm(initial=_typed(_example(contract, terms, Side.LONG)), **options)}
    form = CalculatorForm(asked, **options)
    if not form.is_valid():
        return {"form": form}
    return {"form": form, "lines": working.lines(form.case, language), "legend": working.legend(form.case, language)}
