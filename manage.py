#!/usr/bin/env python
"""The command line of the museum; `settings.base` is the embedded default that `make serve` runs."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.base")
    execute_from_command_line(sys.argv)
