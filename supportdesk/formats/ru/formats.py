"""Times with two figures for the hour, as the articles write them."""

DATETIME_FORMAT = "j E Y г., H:i"
TIME_FORMAT = "H:i"
