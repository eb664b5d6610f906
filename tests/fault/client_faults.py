"""Faults of clients and of the way to them: connections that are cut, taken over, or hardly read."""

import asyncio
import time

from scene import Scene

SLOW_SHARE = 5  # one client in so many
RSS_SLACK_BYTES = 16 * 1024 * 1024
QUICK_SECONDS = 0.1  # what is faster than this on a machine that others use, too, is not told apart


async def cut_clients(scene: Scene) -> None:
    while scene.going_on():
        scene.cluster.balancer.cut_one_within(scene.choice, 1000)
        scene.count()
        await scene.pause(1 / 50)
    for connection in list(scene.cluster.balancer.connections):
        connection.budget = None


async def flap_streams(scene: Scene) -> None:
    for client in scene.traffic.clients:
        client.overlap = True
    await scene.pause(scene.left())
    for client in scene.traffic.clients:
        client.overlap = False


async def read_slowly(scene: Scene) -> None:
    """One client in five has an endless countdown whose stream it reads at 1 kB/s: when the sockets are full, nodes
    must not hoard the rest, and the others must not notice."""
    cluster = scene.cluster
    await scene.pause(scene.left() / 4)
    before = _slowest_echoes(scene, 0)
    readers = [asyncio.create_task(client.read_slowly()) for client in scene.traffic.clients[::SLOW_SHARE]]
    scene.count(len(readers))
    await scene.pause(scene.left() / 2)
    settled, since = sum(node.resident_bytes() for node in cluster.nodes), time.monotonic()
    await scene.pause(scene.left())
    grown = sum(node.resident_bytes() for node in cluster.nodes) - settled
    after = _slowest_echoes(scene, since)
    for reader in readers:
        reader.cancel()
    ends = await asyncio.gather(*readers, return_exceptions=True)
    told = [f"a slow reader was not served to the end: {end!r}" for end in ends
            if not isinstance(end, asyncio.CancelledError)]
    if grown > RSS_SLACK_BYTES:
        told.append(f"the nodes grew by {grown} bytes")
    if after > max(2 * before, QUICK_SECONDS):
        told.append(f"p99 of echo went from {before:.3f} to {after:.3f} s")
    cluster.ledger.mishaps += told


def _slowest_echoes(scene: Scene, since: float) -> float:
    """The 99th percentile of the times of echoes."""
    times = sorted(request.answers[0][0] - request.sent for session in scene.cluster.ledger.sessions
                   for request in session.requests.values()
                   if request.tool == "echo" and request.answers and request.sent >= since)
    return times[len(times) * 99 // 100] if times else 0.0
