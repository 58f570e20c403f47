"""How much a share of votes says: two of three is no verdict, two hundred of three hundred is one."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # of the normal distribution: 95 % lie within so many standard deviations
FEWEST_VOTES = 10  # below, nothing is ranked


@dataclass(frozen=True)
class Helped:
    """`helpful` of `votes` readers said that a text has helped them."""

    helpful: int
    votes: int

    @property
    def percent(self) -> int:
        return round(100 * self.helpful / self.votes) if self.votes else 0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of all readers lies with 95 % confidence, from 0 to 1 (Wilson 1927, without a correction for
        continuity); everything is possible before anybody has voted. Raises ValueError for impossible counts."""
        if not 0 <= self.helpful <= self.votes:
            raise ValueError(f"{self.helpful} of {self.votes} is no share.")
        if self.votes == 0:
            return (0.0, 1.0)
        share, weight = self.helpful / self.votes, Z * Z / self.votes
        middle = share + weight / 2
        half = sqrt(share * (1 - share) * weight + weight * weight / 4)
        return (max(0.0, (middle - half) / (1 + weight)), min(1.0, (middle + half) / (1 + weight)))

    @property
    def low(self) -> int:
        """The lower end of the interval in percent."""
        return round(100 * self.interval[0])

    @property
    def high(self) -> int:
        return round(100 * self.interval[1])
