"""Python's garbage collector and graphs.

A graph has no cycles: it is gone as soon as its last node is dropped, without the collector.
But the collector looks for cycles among the youngest objects each time 700 more have been made
than dropped (2,000 in newer Pythons), and so reads each small graph in vain, and a large one
several times over.  We ask it to wait for 20,000.  A program that has set a higher number, or
has turned the collector off, keeps its own; `gc.set_threshold(700)` undoes ours.
"""

import gc

YOUNG = 20_000

threshold, *older = gc.get_threshold()
if 0 < threshold < YOUNG:
    gc.set_threshold(YOUNG, *older)
