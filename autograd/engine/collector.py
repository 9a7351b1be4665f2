"""A higher threshold for Python's garbage collector, which graphs do not need.

A graph has no cycles, so it is freed as soon as its last node is dropped, without the collector.
But whenever 700 more objects have been made than freed (2,000 in newer Pythons), the collector
searches the youngest for cycles. It would search every small graph for nothing, and a large one
several times. We raise the threshold to 20,000. A program that has set a higher one, or has turned
the collector off, keeps its setting; `gc.set_threshold(700)` undoes ours.
"""

import gc

YOUNG = 20_000

threshold, *older = gc.get_threshold()
if 0 < threshold < YOUNG:
    gc.set_threshold(YOUNG, *older)
