"""Numbers as the articles of the language write them."""

THOUSAND_SEPARATOR = "\u202f"
