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
from helpcenter.contracts.numbers import unmistakable
from helpcenter.contracts.terms import Terms, terms_of
from helpcenter.contracts.working import Case, Line, Symbol
from helpcenter.enums import Side
from helpcenter.errors import ContractIncomplete
from helpcenter.forms import CalculatorForm
from helpcenter.models import Article, Contract
from helpcenter.views.pages import leave_language, render_page

FIELDS = ("side", "entry", "size", "leverage", "exit", "rate")
LONGEST_ECHO = 100  # characters of a field that the language menu takes along
EXAMPLE_LEVERAGE, EXAMPLE_RATE, EXAMPLE_MOVE = Decimal(10), Decimal("0.0001"), Decimal("1.01")
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


def specification(slug: str, language: str) -> Specification | None:
    """The worked examples of a contract in the number format of a language; None where no such contract is listed."""
    contract = Contract.objects.listed().filter(slug=slug).first()
    if contract is None:
        return None
    facts, terms = _figures(contract, "", timezone.now())
    if terms is None:
        return Specification(contract, facts, None)
    cases = {side: _example(contract, terms, side) for side in Side}
    examples = [Example(side, working.lines(case, language)) for side, case in cases.items()]
    examples[1:] = [Example(example.side, _its_own(example.lines)) for example in examples[1:]]
    legend = working.legend(cases[Side.LONG], language)
    return Specification(contract, facts, terms, examples, legend, _address(slug, _typed(cases[Side.LONG])))


def _its_own(lines: list[Line]) -> list[Line]:
    """What differs from the first example, which has the same price, size and leverage."""
    return [line for line in lines if line.name not in SAME_ON_BOTH_SIDES]


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


@require_safe
def calculator(request: HttpRequest, slug: str) -> HttpResponse:
    """A position, calculated from what the address says, so that it can be shared and works without JavaScript."""
    language = get_language() or settings.LANGUAGE_CODE
    if not freshness.current().is_public(language):
        return leave_language(request, language)
    contract = get_object_or_404(Contract.objects.listed(), slug=slug)
    if not Article.objects.public().published().of_contracts().filter(slug=slug).exists():
        raise Http404
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
