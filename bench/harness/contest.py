"""Servers that take turns under the same load, for ratios within a round."""

import statistics

from harness import wrk


class Contestant:
    """One line of the table: a server, the load it gets, and what each round measured."""

    def __init__(self, server, script, name=None, answer=None, session_ids=None, port=None):
        self.server, self.script, self.name, self.port = server, script, name or server.name, port or server.port
        # Only an answer with a length is always equally long: an event stream carries ids that grow.
        fixed = answer is not None and not answer.is_stream()
        self.answer_bytes = answer.wire_bytes if fixed else None
        self.session_ids = session_ids
        self.rounds, self.faults = [], []

    def play(self, options):
        """One timed run, with a short one before it that looks at every answer."""
        self._run(options, options.check_seconds, check=True)
        before = self.server.cpu_by_part()
        result = self._run(options, options.seconds, check=False)
        parts = {name: total - before[name] for name, total in self.server.cpu_by_part().items()}
        cpu, seconds, requests = sum(parts.values()), result["duration_us"] / 1e6, max(result["requests"], 1)
        self.rounds.append({"per_second": requests / seconds, "p50_us": result["p50_us"], "p99_us": result["p99_us"],
                            "cpu_us": cpu / requests * 1e6, "busy": cpu / seconds,
                            "parts_cpu_us": {name: one / requests * 1e6 for name, one in parts.items()}})

    def _run(self, options, seconds, check):
        result = wrk.run(self.port, self.script, seconds, options.connections, options.load_core, check,
                         self.session_ids)
        self.faults += wrk.faults(result, self.answer_bytes, options.connections)
        return result

    def median(self, key):
        return statistics.median(one[key] for one in self.rounds)

    def ratio(self, key, other):
        """Median over the rounds of ours to the other's in the same round, so that a busy minute hurts both."""
        return statistics.median(mine[key] / theirs[key] for mine, theirs in zip(self.rounds, other.rounds))
