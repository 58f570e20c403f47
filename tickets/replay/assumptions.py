"""The parameters of a replay that its trace does not give. Printed with every result, flags of `replay_routing`."""

from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from tickets.errors import InvalidInput

HOUR = 3600.0


def _assumed(default: float, says: str, *, is_share: bool = False, is_above_zero: bool = False) -> Any:
    return field(default=default, metadata={"help": says, "share": is_share, "above_zero": is_above_zero})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Seconds, and shares from 0 to 1. Raises `InvalidInput`, whose `field` is the part that is wrong."""

    capacity: int = _assumed(1, "tickets of an agent at one time", is_above_zero=True)
    aid_factor: float = _assumed(1.35, "how much longer a reply takes with the translation aid", is_above_zero=True)
    follow_up_share: float = _assumed(0.35, "share of answered tickets that come back", is_share=True)
    follow_up_factor: float = _assumed(0.5, "how long a further reply takes against the first")
    tick: float = _assumed(30.0, "seconds after which the router is asked when nothing happens", is_above_zero=True)
    horizon: float = _assumed(
        48 * HOUR, "seconds played; what is unanswered then is missed and counts so long", is_above_zero=True
    )
    scored_until: float = _assumed(24 * HOUR, "tickets after this second are played, not counted", is_above_zero=True)
    crash_at: float = _assumed(14 * HOUR, "second of the crash")
    detected_after: float = _assumed(180.0, "seconds from the crash to its detection")
    confirmed_after: float = _assumed(600.0, "seconds from the detection to a lead's word and the incident's page")
    english_after: float = _assumed(900.0, "seconds from then to the English answer to all")
    others_after: float = _assumed(1500.0, "seconds from then to the answers in other languages")
    batch_every: float = _assumed(300.0, "seconds between answers to those who came later", is_above_zero=True)
    match_recall: float = _assumed(0.8, "share of an incident's tickets that are linked with it", is_share=True)
    match_precision: float = _assumed(
        0.98, "share of linked tickets that belong to it", is_share=True, is_above_zero=True
    )
    return_share: float = _assumed(0.45, "share of those answered together who come back", is_share=True)
    return_delay_factor: float = _assumed(1 / 3, "how soon they do, against the delay of a follow-up")
    deflected_incident: float = _assumed(0.25, "share of the incident's customers whom its page keeps", is_share=True)
    deflected_other: float = _assumed(0.10, "share of other customers of the surge whom it keeps", is_share=True)
    seed: int = _assumed(1, "of what is drawn here: which tickets are linked")

    def __post_init__(self) -> None:
        for each in fields(self):
            self._check(each.name, each.metadata["share"], each.metadata["above_zero"])

    def _check(self, name: str, is_share: bool, is_above_zero: bool) -> None:
        value = getattr(self, name)
        if value < 0 or (is_share and value > 1):
            raise InvalidInput(_("“%(name)s” cannot be %(value)s.") % {"name": name, "value": value}, name)
        if is_above_zero and not value:
            raise InvalidInput(_("“%(name)s” must be above 0.") % {"name": name}, name)

    @property
    def page_up_at(self) -> float:
        return self.crash_at + self.detected_after + self.confirmed_after
