"""A block of `no_grad` or `debug` is on for its own code: its task, its generator, its thread."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, debug, grad, no_grad, set_data
from autograd.engine.blocks import Block
from autograd.engine.modes import modes, watched, watches, watching
from autograd.engine.silence import silence
from autograd.graphs.calls import WATCHES


def records():
    return (Value(2.0) * 3.0).op is not None


@pytest.fixture(autouse=True)
def _nothing_is_left():
    settings = np.geterr()
    yield
    assert records() and not modes and not watches
    assert np.geterr() == settings


def run(coroutine):
    """Run `coroutine` in a thread of its own: this one may have an event loop already, as
    under a test runner or in a notebook."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


# -- tasks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [no_grad, debug])
def test_overlapping_tasks(block):
    events = [asyncio.Event() for _ in range(3)]
    seen = []

    def look():
        seen.append((records(), bool(watching())))

    async def first():
        with block():
            look()
            events[0].set()
            await events[1].wait()
            look()
        look()
        events[2].set()

    async def second():
        await events[0].wait()
        look()
        with block():
            events[1].set()
            await events[2].wait()
            look()
        look()

    async def both():
        await asyncio.gather(first(), second())
        look()

    run(both())
    inside, outside = (block is debug, block is debug), (True, False)
    assert seen == [inside, outside, inside, outside, inside, outside, outside]


def test_tasks_started_inside_a_block_are_in_it():
    async def child():
        await asyncio.sleep(0)
        return records()

    async def parent():
        with no_grad():
            return await asyncio.gather(child(), child(), asyncio.to_thread(records))

    assert run(parent()) == [False, False, False]


def test_a_decorated_coroutine():
    @no_grad()
    async def predict():
        await asyncio.sleep(0)
        return records()

    async def other():
        await asyncio.sleep(0)
        return records()

    async def both():
        return await asyncio.gather(predict(), other(), predict())

    assert run(both()) == [False, True, False]


def test_a_decorated_asynchronous_generator():
    @no_grad()
    async def items():
        sent = yield records()
        yield records(), sent

    async def consume():
        found = items()
        return [await found.asend(None), records(), await found.asend(5), records()]

    assert run(consume()) == [False, True, (False, 5), True]


# -- generators -----------------------------------------------------------------------------------


def lazily(n=3):
    with no_grad():
        for _ in range(n):
            yield records()


@no_grad()
def decorated(n=3):
    for _ in range(n):
        yield records()


@contextmanager
def inference():
    with no_grad():
        yield


def through_another_manager(n=3):
    with inference():
        for _ in range(n):
            yield records()


def through_a_stack(n=3):
    with ExitStack() as stack:
        stack.enter_context(no_grad())
        for _ in range(n):
            yield records()


def delegated(n=3):
    yield from lazily(n)


@pytest.mark.parametrize(
    "make", [lazily, decorated, through_another_manager, through_a_stack, delegated]
)
def test_a_generator_keeps_its_mode_to_itself(make):
    for inside in make():
        assert not inside
        assert records()
    assert list(make()) == [False] * 3
    stopped = make()
    next(stopped)
    del stopped
    assert not modes


def test_a_decorated_generator_is_sent_and_thrown_to():
    @no_grad()
    def echo():
        try:
            while True:
                sent = yield records()
                assert sent == "hello"
        except KeyError:
            return "done"

    found = echo()
    assert (next(found), found.send("hello")) == (False, False)
    with pytest.raises(StopIteration, match="done"):
        found.throw(KeyError())


def test_managers_made_of_generators_stand_for_their_with_statement():
    @contextmanager
    def twice():
        with inference():
            yield records()

    with twice() as inside:
        assert not inside and not records()
    with ExitStack() as stack:
        stack.enter_context(twice())
        assert not records()


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=20))
def test_generators_may_end_in_any_order(moves):
    def watching_itself():
        with debug():
            while True:
                yield not records() or not watching()

    def graphless():
        with no_grad():
            while True:
                yield records() or bool(watching())

    running = {}
    for i, ends in moves:
        if i not in running:
            running[i] = watching_itself() if i % 2 else graphless()
        assert not next(running[i])
        assert records() and not watching()
        if ends:
            running.pop(i).close()
    running.clear()
    assert np.geterr()["divide"] == "warn"
    assert not modes


def test_silence_may_end_in_any_order():
    first, second, third = silence(), silence(), silence()
    for block in (first, second, third):
        block.__enter__()
    for block in (second, first):
        block.__exit__(None, None, None)
        assert np.geterr()["divide"] == "ignore"
    third.__exit__(None, None, None)
    assert np.geterr()["divide"] == "warn"


# -- threads --------------------------------------------------------------------------------------


def test_threads_in_different_modes_share_a_model():
    model = nn.MLP(3, [8, 1], seed=0)
    batches = np.random.default_rng(0).normal(size=(6, 5, 3))

    def gradients(x):
        return grad(lambda w: np.tanh(x @ w).sum())(model.layers[0].weights.numpy())

    def shared(x):
        return [np.array(model(x).numpy()), gradients(x)]

    def work(i, out):
        for _ in range(20):
            if i % 3 == 0:
                with no_grad():
                    assert model(batches[i]).op is None
                    out[i] = shared(batches[i])
            elif i % 3 == 1:
                with debug():
                    out[i] = shared(batches[i])
            else:
                assert model(batches[i]).op is not None
                out[i] = shared(batches[i])
            nn.squared_error(model(batches[i])[:, 0], np.zeros(5)).backward()

    alone, together = {}, {}
    for i in range(6):
        work(i, alone)
    totals = [p.grad.copy() for p in model.parameters()]
    model.zero_grad()
    threads = [threading.Thread(target=work, args=(i, together)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(6):
        for a, b in zip(alone[i], together[i], strict=True):
            np.testing.assert_array_equal(a, b)
    for p, total in zip(model.parameters(), totals, strict=True):
        np.testing.assert_allclose(p.grad, total, rtol=1e-10, atol=1e-12)


# -- blocks ---------------------------------------------------------------------------------------


def test_a_block_can_be_used_again_but_not_twice_at_once():
    block = no_grad()
    for _ in range(2):
        with block:
            assert not records()
            with pytest.raises(RuntimeError, match="make a new one"):
                block.__enter__()
            assert not records()


def test_looking_at_the_exit_of_a_block_does_not_end_it():
    block = no_grad()
    assert hasattr(block, "__exit__")
    with block:
        assert hasattr(block, "__exit__")
        assert not records()


class Ends(Block):
    """Notes when it begins and ends; its end fails the first time."""

    def __init__(self):
        super().__init__()
        self.notes = []

    def begin(self, frame):
        self.notes.append("begin")

    def end(self):
        self.notes.append("end")
        if self.notes.count("end") == 1:
            raise KeyboardInterrupt


def test_an_end_that_was_interrupted_is_run_again():
    block = Ends()
    with pytest.raises(KeyboardInterrupt) as caught, block:
        pass
    assert block.notes == ["begin", "end", "end"]
    assert caught.value is not None and not block.entered


def test_watchers_of_nested_blocks():
    class Silent:
        def made(self, *args):
            pass

    outer, inner = Silent(), Silent()
    with watched(outer), no_grad(), watched(inner):
        assert watching() == [outer, inner] and not records()


def test_a_monitor_that_nobody_holds_ends():
    plain = nn.MLP.__call__
    watch = nn.monitor(nn.MLP(2, [1], seed=0))
    assert nn.MLP.__call__ is not plain
    del watch
    assert nn.MLP.__call__ is plain and not WATCHES


# -- data of several leaves -----------------------------------------------------------------------


def test_new_data_for_all_leaves_or_none():
    w, b = Value([1.0, 2.0]), Value(3.0, name="b")
    set_data([w, b], [[3.0, 4.0], 5])
    assert (w.data.tolist(), b.data) == ([3.0, 4.0], 5.0)
    for values, data, error, words in [
        ([w, b], [[0.0, 0.0], [1.0, 2.0]], ValueError, "does not fit"),
        ([w, b], [[0.0, 0.0]], ValueError, "shorter"),
        ([w, b + 1.0], [[0.0, 0.0], 1.0], AttributeError, "nothing was changed"),
        ([w, b], [[0.0, 0.0], "x"], TypeError, "number"),
    ]:
        with pytest.raises(error, match=words):
            set_data(values, data)
        assert (w.data.tolist(), b.data) == ([3.0, 4.0], 5.0)


def test_views_are_written_through():
    w = Value([1.0, 2.0, 3.0])
    b = Value(0.0)
    set_data([w[:2], b], [[5.0, 6.0], 1.0])
    assert (w.data.tolist(), b.data) == ([5.0, 6.0, 3.0], 1.0)
