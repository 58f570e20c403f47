#!/usr/bin/env python3
"""Django's command line for the project."""

import gc
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings.dev")
    # Starting makes hundreds of thousands of objects that stay; looking among them for garbage takes an eighth of it.
    gc.set_threshold(100_000, 20, 20)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
