"""Times chainrule against its peers in one run: `python -m benchmarks`."""
