"""Other systems of the operator hear what happens to tickets: ids and kinds, signed, tried again, never texts."""
