"""The checker must catch what it is there for: a clean ledger is spoilt in one place, and must be found out."""

import copy
import json
import unittest

from checker import SERVER_ERROR, Rules, check
from ledger import Event, Kill, Ledger, Request, Session

UPDATE = '{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"demo://counter"}}'


def progress(request: int, step: int) -> str:
    return json.dumps({"jsonrpc": "2.0", "method": "notifications/progress",
                       "params": {"progressToken": request, "progress": step, "total": 3}})


def response(request: int, text: str) -> dict:
    return {"jsonrpc": "2.0", "id": request, "result": {"content": [{"type": "text", "text": text}]}}


def died(request: int) -> dict:
    return {"jsonrpc": "2.0", "id": request, "error": {"code": -32603, "message": "the node that ran this call has died"}}


def clean_ledger() -> Ledger:
    """A countdown of three steps, an echo and an increment of one session, and the update that came of it."""
    session = Session("s", subscribed=1.0, begins={"call": "call_0-0", "main": "main_0-0"})
    countdown = Request(1, "countdown", {"from": 3, "interval_ms": 100}, asked=2.0, sent=2.0, accepted=2.1,
                        stream="call", answers=[(2.5, response(1, "liftoff"))])
    echo = Request(2, "echo", {"message": "hello"}, asked=3.0, sent=3.0, accepted=3.1,
                   answers=[(3.1, response(2, "hello"))])
    increment = Request(3, "increment", {}, asked=4.0, sent=4.0, accepted=4.1, answers=[(4.1, response(3, "1"))])
    session.requests = {request.id: request for request in (countdown, echo, increment)}
    texts = [progress(1, 1), progress(1, 2), progress(1, 3), json.dumps(response(1, "liftoff"))]
    session.events["call"] = [Event(f"call_7-{n}", text, 2.1 + n / 10) for n, text in enumerate(texts, start=1)]
    session.events["main"] = [Event("main_8-1", UPDATE, 4.2)]
    session.log = {stream: [(event.id.partition("_")[2], event.text) for event in events]
                   for stream, events in session.events.items()}
    return Ledger([session], statuses={"POST 200": 3, "GET 200": 1, "GET cut": 1})


class Checker(unittest.TestCase):
    def setUp(self) -> None:
        self.ledger = clean_ledger()
        self.session = self.ledger.sessions[0]
        self.call = self.session.events["call"]
        self.countdown, self.echo = self.session.requests[1], self.session.requests[2]

    def assert_caught(self, words: str, rules: Rules | None = None) -> None:
        found = check(self.ledger, rules or Rules()).violations
        self.assertTrue(any(words in violation for violation in found), f"{words!r} is not in {found}")

    def test_passes_a_clean_ledger(self) -> None:
        verdict = check(self.ledger, Rules())
        self.assertEqual(verdict.violations, [])
        self.assertEqual((verdict.events, verdict.answers), (5, 3))

    def test_catches_a_dropped_event(self) -> None:
        for index in range(len(self.call)):
            with self.subTest(index):
                self.ledger = copy.deepcopy(clean_ledger())
                del self.ledger.sessions[0].events["call"][index]
                self.assert_caught("never came")

    def test_catches_a_step_that_was_never_logged(self) -> None:
        del self.call[1]
        del self.session.log["call"][1]
        self.assert_caught("missing [2]")

    def test_catches_a_dropped_push(self) -> None:
        del self.session.events["main"][0]
        self.assert_caught("never came")

    def test_catches_a_push_that_was_never_logged(self) -> None:
        self.session.events["main"], self.session.log["main"] = [], []
        self.assert_caught("0 updates, but 1 increments")

    def test_catches_an_event_that_came_twice(self) -> None:
        self.call.insert(2, self.call[1])
        self.assert_caught("came 2 times")

    def test_catches_an_event_that_came_twice_under_different_ids(self) -> None:
        again = Event("call_7-9", self.call[0].text, 2.9)
        self.call.append(again)
        self.session.log["call"].append(("7-9", again.text))
        self.assert_caught("doubled: s call: 2 times")

    def test_catches_a_push_that_came_twice_under_different_ids(self) -> None:
        self.session.events["main"].append(Event("main_8-2", UPDATE, 4.3))
        self.session.log["main"].append(("8-2", UPDATE))
        self.assert_caught("2 updates of 1 increments")

    def test_catches_two_events_swapped(self) -> None:
        self.call[0], self.call[1] = self.call[1], self.call[0]
        self.assert_caught("came after")

    def test_catches_texts_swapped_under_rising_ids(self) -> None:
        self.call[0].text, self.call[1].text = self.call[1].text, self.call[0].text
        self.session.log["call"] = [(event.id.partition("_")[2], event.text) for event in self.call]
        self.assert_caught("instead of 1 to 3")

    def test_catches_an_id_used_for_two_events(self) -> None:
        self.call[2].id = self.call[1].id
        self.assert_caught("id used twice")

    def test_catches_an_id_that_means_something_else_in_the_log(self) -> None:
        self.call[1].text = progress(1, 17)
        self.assert_caught("in the log and came as")

    def test_catches_an_older_generation(self) -> None:
        self.call[3].id = "call_6-4"
        self.assert_caught("came after")

    def test_catches_a_phantom(self) -> None:
        self.call.append(Event("call_7-5", progress(9, 1), 2.9))
        self.assert_caught("phantom")

    def test_catches_two_responses(self) -> None:
        self.countdown.answers.append((2.6, response(1, "liftoff")))
        self.assert_caught("2 responses")

    def test_catches_a_second_response_that_only_the_log_has(self) -> None:
        self.session.log["call"].append(("7-5", json.dumps(response(1, "liftoff too"))))
        self.assert_caught("the log has 2")

    def test_catches_a_request_without_a_response(self) -> None:
        self.echo.answers.clear()
        self.assert_caught("no response")

    def test_lets_a_request_go_that_may_not_have_arrived(self) -> None:
        self.session.requests[9] = Request(9, "echo", {"message": ""}, asked=5.0, sent=5.0)
        self.assertEqual(check(self.ledger, Rules()).violations, [])

    def test_catches_a_response_to_a_request_that_was_given_up(self) -> None:
        self.countdown.given_up = "resuming: gone"
        self.assert_caught("resuming: gone")

    def test_catches_a_wrong_answer(self) -> None:
        self.echo.answers[0] = (3.1, response(2, "goodbye"))
        self.assert_caught("goodbye")

    def test_catches_an_error_for_a_tool_that_can_run_again(self) -> None:
        self.countdown.answers[0] = (2.5, died(1))
        self.assert_caught("died")

    def test_takes_that_error_for_a_tool_that_cannot(self) -> None:
        self.session.requests[3].answers[0] = (4.1, died(3))
        self.assertEqual(check(self.ledger, Rules()).violations, [])

    def test_catches_another_error_for_a_tool_that_cannot_run_again(self) -> None:
        self.session.requests[3].answers[0] = (4.1, {"jsonrpc": "2.0", "id": 3, "error": {"message": "no idea"}})
        self.assert_caught("no idea")

    def test_catches_a_late_answer(self) -> None:
        self.echo.answers[0] = (9.2, self.echo.answers[0][1])
        self.assert_caught("silent for 6.1 s")

    def test_counts_the_silence_from_the_kill_of_the_node_that_ran_the_call(self) -> None:
        self.ledger.kills.append(Kill("n1", 2.45, [("s", 1)]))
        self.call[3].at, self.countdown.answers[0] = 8.6, (8.6, response(1, "liftoff"))
        verdict = check(self.ledger, Rules())
        self.assertEqual(verdict.violations, [])
        # 6.15 s, less the three steps of 0.1 s that the second run has repeated
        self.assertAlmostEqual(verdict.slowest_after_kill, 5.85)
        self.call[3].at, self.countdown.answers[0] = 8.9, (8.9, response(1, "liftoff"))
        self.assert_caught("silent for 6.2 s")

    def test_counts_a_replay_after_the_kill_for_what_came_before_it(self) -> None:
        self.ledger.kills.append(Kill("n1", 2.35, [("s", 1)]))  # the third step is told from the log, at 2.4
        self.call[3].at, self.countdown.answers[0] = 8.6, (8.6, response(1, "liftoff"))
        self.assertEqual(check(self.ledger, Rules()).violations, [])

    def test_excuses_no_silence_with_the_death_of_another_node(self) -> None:
        self.ledger.kills.append(Kill("n1", 2.45, [("other", 1), ("s", 2)]))
        self.call[3].at, self.countdown.answers[0] = 8.6, (8.6, response(1, "liftoff"))
        self.assert_caught("silent for 6.2 s")

    def test_tells_how_late_the_last_session_heard(self) -> None:
        other = copy.deepcopy(self.session)
        other.id, other.requests = "other", {}
        other.events = {"main": [Event("main_9-1", UPDATE, 7.2)]}
        other.log, other.begins = {"main": [("9-1", UPDATE)]}, {"main": "main_0-0"}
        self.ledger.sessions.append(other)
        self.assertAlmostEqual(check(self.ledger, Rules()).push_p99, 3.0)
        self.assert_caught("3.0 s later than to others", Rules(push_p99_limit=2))

    def test_catches_a_lost_session(self) -> None:
        self.session.lost_session = "no such session"
        self.assert_caught("session lost: s")

    def test_catches_a_server_error_where_the_row_forbids_it(self) -> None:
        self.ledger.statuses["POST 503"] = 2
        self.assert_caught("2 × POST 503")
        self.assertEqual(check(self.ledger, Rules(excused=frozenset({SERVER_ERROR}))).violations, [])

    def test_catches_a_refusal_in_any_row(self) -> None:
        self.ledger.statuses["GET 409"] = 1
        self.assert_caught("1 × GET 409", Rules(excused=frozenset({SERVER_ERROR})))

    def test_catches_a_stream_that_two_nodes_hold(self) -> None:
        self.ledger.two_holders.append("s: goes on")
        self.assert_caught("goes on")


if __name__ == "__main__":
    unittest.main()
