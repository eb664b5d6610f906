"""What these tests share: clusters, servers under test, clients, and ways to look at answers."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]

# Processes, streams and the data set are not made twice.
sys.path[:0] = [str(ROOT / "tests" / "fault"), str(ROOT / "tests" / "opensearch")]
