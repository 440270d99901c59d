"""Prints what pages cost in processor time, as ratios to a floor page measured in the same run.

python -m tests.benchmarks.web [--rounds 40] [--profile NAME] [--short]
"""

import os
import sys

import django


def main() -> None:
    """Set up a demonstration that logs nothing, and measure its pages."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ["DEMO"] = "1"
    django.setup()
    from tests.benchmarks.pages import measure

    measure(sys.argv[1:], __doc__ or "")


if __name__ == "__main__":
    main()
