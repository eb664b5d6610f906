"""Logs of a made-up film service, with something going wrong in one hour of them: PLANTED says what an analysis of that
hour has to find. The same seed gives the same lines.

Lines come in requests, which share a trace_id. Each hour but that one is like all others.
"""

import datetime
import random
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

FIRST_DAY = datetime.datetime(2026, 3, 9, tzinfo=datetime.timezone.utc)
DAYS = 4
REQUESTS_AN_HOUR = 240

PLANTED = {
    "index": "film-logs-2026.03.12",
    "indices": [f"film-logs-2026.03.{day:02}" for day in range(9, 13)],
    "time_field": "@timestamp",
    "selection": ("2026-03-12T14:00:00Z", "2026-03-12T15:00:00Z"),
    "baseline": ("2026-03-12T12:00:00Z", "2026-03-12T13:00:00Z"),
    "service": "checkout",  # the one that fails
    # Lines that are in the selection, exactly this often, and nowhere else. In a template, <*> is what varies.
    "template": "Connection pool exhausted: <*> requests wait for <*>, gave up after <*> ms",
    "template_words": "Connection pool exhausted",
    "template_count": 60,
    # Lines that are in every hour but the selection, in which something has stopped.
    "vanished_template": "Refreshed <*> prices from partner <*>",
    "vanished_words": "prices from partner",
    # Shares of the service's own lines with level ERROR.
    "error_share": {"selection_least": 0.20, "baseline_most": 0.05},
    # A release that came with it, and the region that it came to: shares of all lines.
    "new_version": "4.2.0",
    "region": {"name": "eu-west", "selection_least": 0.40, "baseline_most": 0.30},
    # Percentiles over all lines, in ms: at least this many times the baseline's.
    "latency_field": "latency_ms",
    "latency_factor": {"p50": 1.5, "p90": 4.0},
    # Numbers that are what they always are.
    "steady_fields": ["response_bytes"],
}

_SERVICES = (("catalogue", 40), ("search", 25), ("checkout", 25), ("accounts", 10))
_REGIONS = ("eu-west", "eu-north", "us-east", "ap-south")


def _address(rng: random.Random) -> str:
    return f"10.{rng.randint(0, 31)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def _received(rng: random.Random) -> tuple[str, str]:
    path = rng.choice(("/films", "/films/{}", "/cart/{}", "/people/{}")).format(rng.randint(1, 30000))
    return "INFO", f"Request GET {path} received from {_address(rng)}"


def _work(rng: random.Random) -> tuple[str, str]:
    """What happens in between: one of ten templates."""
    ms, n, address = rng.randint(1, 90), rng.randint(1, 99999), _address(rng)
    return rng.choices((
        ("DEBUG", f"Cache hit for key film:{n} after {ms} us"),
        ("DEBUG", f"Cache miss for key film:{n}, asking {address}"),
        ("INFO", f"Query {rng.getrandbits(32):08x} returned {n % 500} rows in {ms} ms"),
        ("INFO", f"User {n} signed in from {address}"),
        ("INFO", f"Session {rng.getrandbits(64):016x} renewed for {ms} minutes"),
        ("INFO", f"Refreshed {n % 900} prices from partner {rng.choice(('acme', 'globex', 'initech'))}"),
        ("WARN", f"Slow query {rng.getrandbits(32):08x}: {ms * 40} ms for {n % 5000} rows"),
        ("WARN", f"Retry {ms % 3 + 1} of 3 against {address} after {ms * 10} ms"),
        ("WARN", f"Token of user {n} ends in {ms} s"),
        ("ERROR", f"Timeout after {ms * 100} ms while calling {address}"),
    ), (22, 14, 22, 8, 8, 8, 6, 6, 4, 2))[0]


def _lines(rng: random.Random, status: int, latency: int, exhausted: bool, selected: bool) -> Iterator[tuple[str, str]]:
    """(level, message) of one request."""
    yield _received(rng)
    for _ in range(rng.randint(1, 2)):
        level, message = _work(rng)
        while selected and PLANTED["vanished_words"] in message:
            level, message = _work(rng)
        yield level, message
    if exhausted:
        yield "ERROR", (f"Connection pool exhausted: {rng.randint(5, 80)} requests wait for "
                        f"db-{rng.randint(1, 4)}:{rng.randint(5430, 5439)}, gave up after {rng.randint(2000, 6000)} ms")
    yield "ERROR" if status >= 500 else "INFO", f"Request answered with {status} in {latency} ms"


def _request(rng: random.Random, exhausted: bool, selected: bool) -> tuple[Document, list[tuple[str, str]]]:
    """The fields that its lines share, and the lines."""
    service = PLANTED["service"] if exhausted else rng.choices(*zip(*_SERVICES))[0]
    latency = max(2, int(rng.lognormvariate(3.6, 0.5)))
    status = 503 if exhausted else rng.choices((200, 304, 404, 500), (82, 10, 6, 2))[0]
    if exhausted or (selected and service in (PLANTED["service"], "catalogue")):
        latency *= 12
    shared = {
        "service": service, "trace_id": f"{rng.getrandbits(128):032x}", "latency_ms": latency, "status": status,
        "response_bytes": max(80, int(rng.gauss(5200, 900))), "host": f"node-{rng.randint(1, 12)}",
        "region": PLANTED["region"]["name"] if exhausted or (selected and rng.random() < 0.3) else rng.choice(_REGIONS),
        "version": PLANTED["new_version"] if exhausted else "4.1.7"}
    return shared, list(_lines(rng, status, latency, exhausted, selected))


def _hour(seed: int, begin: datetime.datetime) -> Iterator[tuple[datetime.datetime, Document]]:
    # Of its own seed, so that an hour can be made without those before it.
    rng = random.Random(f"logs {seed} {begin:%Y-%m-%d %H}")
    selected = begin.strftime("%Y-%m-%dT%H:%M:%SZ") == PLANTED["selection"][0]
    bad = PLANTED["template_count"] if selected else 0
    kinds = [True] * bad + [False] * (REQUESTS_AN_HOUR - bad)
    rng.shuffle(kinds)
    for n, exhausted in enumerate(kinds):
        shared, lines = _request(rng, exhausted, selected)
        # A request ends before its hour does.
        at = begin + datetime.timedelta(milliseconds=n * 3_590_000 // REQUESTS_AN_HOUR + rng.randint(0, 4000))
        for level, message in lines:
            yield at, {"level": level, "message": message, **shared}
            at += datetime.timedelta(milliseconds=rng.randint(1, 400))


def logs(seed: int) -> Iterator[tuple[str, str, Document]]:
    """(index, id, line), request after request."""
    for hour in range(DAYS * 24):
        begin = FIRST_DAY + datetime.timedelta(hours=hour)
        for n, (at, line) in enumerate(_hour(seed, begin)):
            stamp = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
            yield f"film-logs-{begin:%Y.%m.%d}", f"{begin:%m%d%H}-{n:05}", {"@timestamp": stamp, **line}


def events(seed: int) -> Iterator[Document]:
    """What viewers did: for the data stream."""
    rng = random.Random(f"events {seed}")
    for n in range(500):
        at = FIRST_DAY + datetime.timedelta(minutes=n * 11)
        yield {"@timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "film": f"film-{rng.randint(2, 999):06}",
               "action": rng.choice(("viewed", "rated", "bought")), "viewer": f"viewer-{rng.randint(1, 80)}"}
