"""The rows of the fault matrix: what each breaks, how often, and what it may cost."""

import dataclasses
from collections.abc import Awaitable, Callable

from checker import ANSWER, DOUBLED, LATE, LOST, PHANTOM, PUSH, REFUSED, SERVER_ERROR, SESSION, Rules
from client_faults import cut_clients, flap_streams, read_slowly
from link_faults import lose_pokes, stall_nats, torment_redis_links
from process_faults import (kill_nats, kill_nodes, kill_redis, pause_nodes, pause_redis, pester_redis, rewind_redis,
                            roll)
from scene import Scene


async def nothing(scene: Scene) -> None:
    await scene.pause(scene.left())


@dataclasses.dataclass
class Row:
    name: str
    fault: Callable[[Scene], Awaitable[None]]
    rules: Rules
    starred: bool = False
    gated: str = ""  # see Cluster
    stretch: int = 1  # how many times longer than other rows it runs in the full run


# An update is appended after the increment was answered; a node or a store that dies in between takes it along.
PUSHES_MAY_DIE = frozenset({PUSH})
STORE_MAY_REFUSE = PUSHES_MAY_DIE | {SERVER_ERROR}
# What the store has forgotten nobody can give back; but no id may ever mean two things.
STORE_FORGETS = STORE_MAY_REFUSE | {LOST, DOUBLED, PHANTOM, ANSWER, LATE, SESSION, REFUSED}

ROWS: dict[int, Row] = {
    0: Row("none", nothing, Rules(), starred=True),
    1: Row("kill -9 a random node, every 2 s", kill_nodes, Rules(excused=PUSHES_MAY_DIE), starred=True, stretch=11),
    # A node that drains spreads its clients' return over 5 s, and a call that it did not finish is run again.
    2: Row("SIGTERM, rolling restart", roll, Rules(answer_limit=12), starred=True),
    3: Row("SIGSTOP a node for 8 s, every 10 s", pause_nodes, Rules(answer_limit=10, excused=PUSHES_MAY_DIE)),
    4: Row("kill -9 Redis, every 5 s", kill_redis, Rules(excused=STORE_MAY_REFUSE), starred=True),
    5: Row("Redis loses the end of its file", rewind_redis, Rules(excused=STORE_FORGETS)),
    6: Row("SIGSTOP Redis for 3 s", pause_redis, Rules(answer_limit=10, excused=STORE_MAY_REFUSE)),
    7: Row("SCRIPT FLUSH and CLIENT KILL, every second", pester_redis, Rules(excused=STORE_MAY_REFUSE)),
    8: Row("kill -9 NATS, every 3 s", kill_nats, Rules(), starred=True),
    # A node takes 6 s to be sure that its server is gone (bus/nats_tuning.hpp).
    9: Row("NATS stalls in one direction, 10 s", stall_nats, Rules(answer_limit=9), gated="nats"),
    10: Row("10 % of the messages between nodes lost", lose_pokes, Rules(push_p99_limit=2), gated="nats"),
    11: Row("resets, slices, 200 ms latency to Redis", torment_redis_links, Rules(excused=STORE_MAY_REFUSE),
            gated="redis"),
    12: Row("client cut at random bytes, 50/s", cut_clients, Rules(), starred=True),
    13: Row("one in five reads 1 kB/s", read_slowly, Rules()),
    14: Row("a stream attached on two nodes in turn", flap_streams, Rules()),
}
