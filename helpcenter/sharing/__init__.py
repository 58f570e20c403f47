"""What a page says of itself to other software: linked data, cards for messengers, what changed in it. Pure."""
