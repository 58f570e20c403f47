"""Thousands apart, as the articles write them."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
