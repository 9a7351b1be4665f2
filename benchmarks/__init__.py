"""Ours against the installed peers, in one run: `python -m benchmarks`."""

import gc
import os

PYTHONS_PACE = gc.get_threshold()  # before `autograd` sets its own: the peers run at Python's

# Each library takes the code that it has for this processor. This variable would hold NumPy's
# products of matrices to that of an older one, while those of PyTorch and JAX have none like it.
os.environ.pop("OPENBLAS_CORETYPE", None)
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # before NumPy and PyTorch are imported, which read it
