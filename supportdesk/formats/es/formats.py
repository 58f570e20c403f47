"""Numbers as Latin America and the articles write them: a point before the decimals."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
