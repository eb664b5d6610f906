"""Times of single exchanges, and load that comes at its times whether or not what came before is answered."""

import asyncio
import contextlib
import gc
import time

now = time.monotonic


def percentile(values, share):
    """The value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def milliseconds(seconds):
    """50th and 99th percentile and the longest, as they stand in a table."""
    return [f"{1000 * value:.2f}" for value in (percentile(seconds, 50), percentile(seconds, 99), max(seconds))]


async def timed(work):
    since = now()
    await work
    return now() - since


async def at_rate(per_second, seconds, act):
    """Begins act(number, time it began) so often, and waits for all of them."""
    begun, tasks = now(), []
    for number in range(int(per_second * seconds)):
        if (wait := begun + number / per_second - now()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(act(number, now())))
    await asyncio.gather(*tasks)


@contextlib.contextmanager
def undisturbed():
    """Collecting garbage here would look like a slow server."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Pool:
    """Keep-alive connections; one request has one of them to itself."""

    def __init__(self, connections):
        self._free = asyncio.Queue()
        for one in connections:
            self._free.put_nowait(one)

    @contextlib.asynccontextmanager
    async def one(self):
        connection = await self._free.get()
        try:
            yield connection
        finally:
            self._free.put_nowait(connection)
