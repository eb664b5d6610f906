"""Faults of the links between nodes and what they depend on. They need gates (see Cluster)."""

from scene import Scene


async def stall_nats(scene: Scene) -> None:
    """One node at a time, in one direction: it can speak and not hear, or hear and not speak."""
    while scene.going_on():
        gate = scene.choice.choice(scene.cluster.gates)
        gate.stalled_up = scene.choice.random() < 0.5
        gate.stalled_down = not gate.stalled_up
        scene.count()
        await scene.pause(10)
        gate.be_normal()
        await scene.pause(2)


async def lose_pokes(scene: Scene) -> None:
    for gate in scene.cluster.gates:
        gate.lose = 0.1
    await scene.pause(scene.left())
    scene.count(sum(gate.lost for gate in scene.cluster.gates))


async def torment_redis_links(scene: Scene) -> None:
    while scene.going_on():
        gate = scene.choice.choice(scene.cluster.gates)
        gate.slice_bytes = scene.choice.choice((0, 20, 100, 1000))
        gate.delay = scene.choice.choice((0.0, 0.02, 0.1))
        gate.reset_one()
        scene.count()
        await scene.pause(2)
