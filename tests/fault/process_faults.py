"""Faults of processes: nodes, Redis and NATS that die, stop, or forget."""

import asyncio
import signal

from resp import RedisError
from scene import Scene


async def kill_nodes(scene: Scene) -> None:
    while scene.going_on():
        node = scene.choice.choice(scene.cluster.nodes)
        await scene.cluster.kill_node(node)
        scene.count()
        await asyncio.sleep(scene.choice.uniform(0.1, 0.6))
        scene.cluster.start_node(node)
        await scene.pause(2 - 0.35)


async def roll(scene: Scene) -> None:
    while scene.going_on():
        for node in scene.cluster.nodes:
            if not scene.going_on():
                return
            await scene.cluster.terminate_node(node, 10)
            scene.count()
            scene.cluster.start_node(node)
            await scene.cluster.all_ready(10)


async def pause_nodes(scene: Scene) -> None:
    while scene.going_on():
        node = scene.choice.choice(scene.cluster.nodes)
        node.signal(signal.SIGSTOP)
        scene.count()
        await asyncio.sleep(8)
        node.signal(signal.SIGCONT)
        await scene.pause(2)


async def kill_redis(scene: Scene) -> None:
    while scene.going_on():
        await scene.pause(scene.choice.uniform(3.5, 4.5))
        scene.cluster.redis.kill()
        scene.count()
        await asyncio.sleep(0.5)
        scene.cluster.redis.start()


async def rewind_redis(scene: Scene) -> None:
    """Redis dies, and the end of what it wrote is gone when it comes back."""
    for _ in range(3):
        await scene.pause(scene.left() / 2)
        scene.cluster.redis.kill()
        files = (scene.cluster.folder / "redis/appendonlydir").glob("*.incr.aof")
        written = max(files, key=lambda file: file.stat().st_mtime)
        with written.open("rb+") as file:
            file.truncate(max(0, written.stat().st_size - scene.choice.randrange(200, 20_000)))
        scene.count()
        scene.cluster.redis.start()


async def pause_redis(scene: Scene) -> None:
    while scene.going_on():
        await scene.pause(2)
        scene.cluster.redis.signal(signal.SIGSTOP)
        scene.count()
        await asyncio.sleep(3)
        scene.cluster.redis.signal(signal.SIGCONT)
        await scene.pause(3)


async def pester_redis(scene: Scene) -> None:
    while scene.going_on():
        try:
            await scene.cluster.store.call("SCRIPT", "FLUSH")
            await scene.cluster.store.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        except (OSError, RedisError):
            pass
        scene.count()
        await scene.pause(1)


async def kill_nats(scene: Scene) -> None:
    while scene.going_on():
        await scene.pause(scene.choice.uniform(1.5, 2.5))
        scene.cluster.nats.kill()
        scene.count()
        await asyncio.sleep(scene.choice.uniform(0.2, 1.0))
        scene.cluster.nats.start()
