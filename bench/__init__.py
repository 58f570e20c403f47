"""Measurements: `python -m bench` prints the performance table, `python -m bench.crawl` visits every public page."""
