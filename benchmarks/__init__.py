"""Ours against the installed peers, in one run: `python -m benchmarks`."""

import gc

PYTHONS_PACE = gc.get_threshold()  # before `autograd` sets its own: the peers run at Python's
