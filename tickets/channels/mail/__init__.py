"""Reading raw e-mail, as pure policy: no models, no settings, no clock. `reading.read` is the one way in."""
