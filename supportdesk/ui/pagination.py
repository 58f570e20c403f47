"""Pages of a list: bounded, friendly to bad input."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

LAST_PAGE = 1000


@dataclass(frozen=True)
class Page:
    """A slice of a list: `first`..`last` of `total`, numbered from one; `number` is the page's own number."""

    items: list[Any]
    number: int
    total: int
    first: int
    last: int
    pages: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def page_number(request: HttpRequest) -> int:
    """The number in `?page=`, between 1 and 1,000; 1 for anything else."""
    raw = request.GET.get("page", "")
    return min(max(int(raw), 1), LAST_PAGE) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1


def paginate(items: Any, number: int, size: int, total: int | None = None) -> Page:
    """One page of a queryset or list; a number past the end gives the last page. `total` saves the count."""
    paginator = Paginator(items, size)
    if total is not None:
        paginator.count = total
    page = paginator.get_page(number)
    return Page(
        items=list(page.object_list),
        number=page.number,
        total=paginator.count,
        first=page.start_index(),
        last=page.end_index(),
        pages=paginator.num_pages,
    )


def of_pages(page: Page) -> dict[str, str]:
    """What `ui/components/pages.html` says of a page, for `drawn.fill`; `page.pages` decides whether it is drawn."""
    numbers = {
        "first": page.first,
        "last": page.last,
        "total": page.total,
        "previous": page.previous,
        "next": page.next,
    }
    return {f"page.{name}": str(number or "") for name, number in numbers.items()}
