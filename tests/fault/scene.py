"""What a fault may lay hands on."""

import asyncio
import dataclasses
import random
import time

from cluster import Cluster
from traffic import Traffic


@dataclasses.dataclass
class Scene:
    """A fault acts until `ends`, and leaves what it broke to `Cluster.heal`."""
    cluster: Cluster
    traffic: Traffic
    choice: random.Random
    ends: float

    def going_on(self) -> bool:
        return time.monotonic() < self.ends

    def left(self) -> float:
        return max(0.0, self.ends - time.monotonic())

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, self.left()))

    def count(self, faults: int = 1) -> None:
        self.cluster.ledger.faults += faults
