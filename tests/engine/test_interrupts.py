"""Ctrl-C at any moment leaves no trace; `python -m benchmarks interrupts` sends 1,000 signals."""

import gc
import random
import signal

import pytest

from benchmarks.interrupts import PROGRAMS, Interrupted, Place, signalled


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_interrupt_leaves_no_trace(name):
    number = 3
    while True:
        place = Place(number)
        assert not Interrupted(PROGRAMS[name], place).traces, f"{name}, place {number}"
        if place.beyond:
            return
        number += max(number // 3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_an_interrupt_at_every_15th_place_leaves_no_trace(name):
    for number in range(0, 10_000, 15):
        place = Place(number)
        assert not Interrupted(PROGRAMS[name], place).traces, f"{name}, place {number}"
        if place.beyond:
            return
    pytest.fail("the program has more places")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_signal_leaves_no_trace(name):
    gc.disable()  # Hypothesis is told of each collection, and could be the one that is interrupted
    try:
        assert signalled(PROGRAMS[name], random.Random(0), 5) == []
    finally:
        gc.enable()
