"""Through which door somebody comes, and what that door shows. Built from a session, a token or a mailed link."""

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Access:
    """`user` is a person or None; `ticket_ids` are tickets that a link and a code have opened; at the desk
    (`is_desk`) a person sees what their part in the team shows, elsewhere only what is their own."""

    user: Any = None
    ticket_ids: frozenset[int] = field(default_factory=frozenset)
    is_desk: bool = False
    scopes: frozenset[str] = frozenset({"read", "write"})

    @classmethod
    def of_trader(cls, user: Any, ticket_ids: frozenset[int] = frozenset()) -> Self:
        return cls(user if getattr(user, "is_authenticated", False) else None, ticket_ids)

    @classmethod
    def of_staff(cls, user: Any, scopes: frozenset[str] = frozenset({"read", "write"})) -> Self:
        return cls(user if getattr(user, "is_authenticated", False) else None, is_desk=True, scopes=scopes)

    @property
    def works(self) -> bool:
        return self.is_desk and self.user is not None and self.user.has_perm("tickets.work_ticket")

    @property
    def leads(self) -> bool:
        return self.is_desk and self.user is not None and self.user.has_perm("tickets.lead_ticket")

    def of_rank(self, number: int) -> "Rank":
        """Whoever has the same rights at the desk, as somebody with this number."""
        return Rank(number, is_desk=self.is_desk, may_work=self.works, may_lead=self.leads)


@dataclass(frozen=True)
class Rank(Access):
    """Rights without a person, for questions that are written once for all who have them: `user` is a number that
    stands where theirs will."""

    may_work: bool = False
    may_lead: bool = False

    @property
    def works(self) -> bool:
        return self.is_desk and self.may_work

    @property
    def leads(self) -> bool:
        return self.is_desk and self.may_lead
