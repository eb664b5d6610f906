"""That what PLANTED says is so. Run: python3 -m unittest films_test, in this folder."""

import collections
import itertools
import json
import statistics
import unittest

from catalogue import KNOWN_FILMS
from films import SEED, lines
from service_logs import PLANTED, logs


LOGS = [line for _, _, line in logs(SEED)]


def lines_of(window: tuple[str, str]) -> list[dict]:
    begin, end = (moment.rstrip("Z") for moment in window)
    return [line for line in LOGS if begin <= line["@timestamp"] < end]


def error_share(window: list[dict]) -> float:
    of_service = [line for line in window if line["service"] == PLANTED["service"]]
    return sum(line["level"] == "ERROR" for line in of_service) / len(of_service)


def percentile(window: list[dict], field: str, percent: int) -> float:
    return statistics.quantiles([line[field] for line in window], n=100)[percent - 1]


class Planted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.selection = lines_of(PLANTED["selection"])
        cls.baseline = lines_of(PLANTED["baseline"])

    def test_an_hour_fits_into_a_sample_of_a_thousand(self):
        self.assertLess(max(len(self.selection), len(self.baseline)), 1000)

    def test_the_template_is_in_the_selection_only(self):
        matching = [line for line in LOGS if PLANTED["template_words"] in line["message"]]
        self.assertEqual(len(matching), PLANTED["template_count"])
        self.assertEqual(matching, [line for line in self.selection if line in matching])
        self.assertEqual({line["service"] for line in matching}, {PLANTED["service"]})

    def test_a_template_is_in_every_hour_but_the_selection(self):
        hours = collections.Counter(line["@timestamp"][:13] for line in LOGS
                                    if PLANTED["vanished_words"] in line["message"])
        self.assertEqual(len(hours), 4 * 24 - 1)
        self.assertNotIn(PLANTED["selection"][0][:13], hours)

    def test_errors_rise(self):
        self.assertGreaterEqual(error_share(self.selection), PLANTED["error_share"]["selection_least"])
        self.assertLessEqual(error_share(self.baseline), PLANTED["error_share"]["baseline_most"])

    def test_a_version_and_a_region_come_with_it(self):
        self.assertIn(PLANTED["new_version"], {line["version"] for line in self.selection})
        self.assertNotIn(PLANTED["new_version"], {line["version"] for line in self.baseline})
        region = PLANTED["region"]
        shares = [sum(line["region"] == region["name"] for line in window) / len(window)
                  for window in (self.selection, self.baseline)]
        self.assertGreaterEqual(shares[0], region["selection_least"])
        self.assertLessEqual(shares[1], region["baseline_most"])

    def test_latency_rises_and_the_rest_is_steady(self):
        for name, factor in PLANTED["latency_factor"].items():
            before, after = (percentile(window, PLANTED["latency_field"], int(name[1:]))
                             for window in (self.baseline, self.selection))
            self.assertGreaterEqual(after, factor * before, name)
        for field in PLANTED["steady_fields"]:
            before, after = (percentile(window, field, 50) for window in (self.baseline, self.selection))
            self.assertAlmostEqual(after / before, 1, delta=0.05)


class Documents(unittest.TestCase):
    def test_are_pairs_of_lines_of_json(self):
        for pair in itertools.islice(lines(films_count=50), 60):
            head, document, rest = pair.split(b"\n")
            self.assertEqual(len(json.loads(head)), 1)
            self.assertIsInstance(json.loads(document), dict)
            self.assertEqual(rest, b"")

    def test_are_the_same_for_the_same_seed(self):
        first, second, other = (b"".join(itertools.islice(lines(seed, 200), 400)) for seed in (1, 1, 2))
        self.assertEqual(first, second)
        self.assertNotEqual(first, other)

    def test_begin_with_the_known_films(self):
        for pair, identity in zip(lines(films_count=50), KNOWN_FILMS):
            self.assertIn(identity.encode(), pair)


if __name__ == "__main__":
    unittest.main()
