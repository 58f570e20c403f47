"""The support desk: what traders write and what we answer."""
