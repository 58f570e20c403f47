"""Help search: one index per language, a small query pipeline, a benchmark (see README.md of the app)."""
