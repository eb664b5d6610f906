"""What is written down while a row of the fault matrix runs, and what the checker reads afterwards.

Times are seconds of the monotonic clock. An event id is `<stream>_<generation>-<sequence>`; a position is its second
half.
"""

import dataclasses
import json
import pathlib
from typing import Any

Position = tuple[int, int]


def position_of(event_id: str) -> Position:
    generation, sequence = event_id.rpartition("_")[2].split("-")
    return int(generation), int(sequence)


def stream_of(event_id: str) -> str:
    return event_id.rpartition("_")[0]


@dataclasses.dataclass
class Event:
    """An event with data, as the client got it."""
    id: str
    text: str
    at: float
    node: str = ""  # that served it


@dataclasses.dataclass
class Request:
    """A request that was sent once. A client that cannot know whether it arrived sends another one with a new id."""
    id: int
    tool: str
    arguments: dict[str, Any]
    asked: float  # when the first one with this purpose was sent
    sent: float
    accepted: float = 0.0  # when an event with an id came, or the whole answer; 0: nobody knows whether it arrived
    stream: str = ""  # of its event stream
    answers: list[tuple[float, dict[str, Any]]] = dataclasses.field(default_factory=list)
    given_up: str = ""  # why the client gave up an accepted request


@dataclasses.dataclass
class Session:
    """One session of one client."""
    id: str
    requests: dict[int, Request] = dataclasses.field(default_factory=dict)
    events: dict[str, list[Event]] = dataclasses.field(default_factory=dict)  # by stream, in the order of arrival
    begins: dict[str, str] = dataclasses.field(default_factory=dict)  # by stream: the first id that the client saw
    log: dict[str, list[tuple[str, str]]] = dataclasses.field(default_factory=dict)  # the store's (position, text)
    subscribed: float = 0.0
    lost_session: str = ""  # what the server said when it did not know the session any more


@dataclasses.dataclass
class Kill:
    """`calls`: (session, request id) of the calls that the node ran when it was killed."""
    node: str
    at: float
    calls: list[tuple[str, int]]


@dataclasses.dataclass
class Ledger:
    sessions: list[Session] = dataclasses.field(default_factory=list)
    kills: list[Kill] = dataclasses.field(default_factory=list)
    statuses: dict[str, int] = dataclasses.field(default_factory=dict)  # of HTTP answers: how often
    refusals: list[str] = dataclasses.field(default_factory=list)  # answers with a status of 400 and above, in words
    two_holders: list[str] = dataclasses.field(default_factory=list)  # connections that a newer one should have ended
    mishaps: list[str] = dataclasses.field(default_factory=list)  # what went wrong beside the traffic
    faults: int = 0

    def save(self, path: pathlib.Path) -> None:
        path.write_text(json.dumps(dataclasses.asdict(self), indent=1))
