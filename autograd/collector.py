"""Python's garbage collector and large graphs.

The collector looks for cycles among all objects again each time their number has grown by a
quarter.  A graph has no cycles: on a chain of a million nodes that search takes twice as
long as making the nodes.  So a full search that found nothing makes the next one wait four
times as long, and one that found anything brings back the program's own pace.  Nothing else
of the collector is touched; `gc.callbacks.remove(adapt)` undoes it.
"""

import gc

PACE = gc.get_threshold()  # as the program had it when it imported us
LONGEST = 10_000


def adapt(phase: str, info: dict[str, int]) -> None:
    """After a full collection, set how long the next one waits."""
    if phase == "stop" and info["generation"] == 2:
        first, second, wait = gc.get_threshold()
        found = info["collected"] + info["uncollectable"]
        gc.set_threshold(first, second, PACE[2] if found else min(4 * wait, LONGEST))


gc.callbacks.append(adapt)
