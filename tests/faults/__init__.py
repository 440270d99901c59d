"""Faults met with real processes: a portal of its own, killed and cut off while it works.

Read `processes.py` for what can be started and broken, `installation.py` for the portal itself
and the questions a test may ask of its database, `conftest.py` for the fixtures. A test that needs
more than a few seconds also carries the mark `long`, and runs with `script/test --faults` only.
"""
