"""Times on the 24-hour clock, as the articles write them."""

DATETIME_FORMAT = "Y년 n월 j일 H:i"
TIME_FORMAT = "H:i"
