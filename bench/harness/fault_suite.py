"""What the fault suite has already, so that it is there once: event streams taken apart, questions to Redis."""

import sys

from harness.processes import ROOT

sys.path.append(str(ROOT / "tests" / "fault"))
from http_stream import SseParser
from resp import Redis

__all__ = ["Redis", "SseParser"]
