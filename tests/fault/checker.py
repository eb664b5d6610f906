"""Judges a ledger. Pure: what happened goes in, what should not have happened comes out.

The truth is twofold. The store's logs say what was acknowledged, so each of their events must have come exactly once,
in order, and nothing else. What was asked says what must be in the logs at all: each step of a countdown, one response
each.
"""

import collections
import dataclasses
import json
import math
from typing import Any

from ledger import Ledger, Position, Request, Session, position_of

UPDATED = "notifications/resources/updated"
ALIKE = (UPDATED, "list_changed")  # all of these look the same: updates are counted, the others are hints

# Kinds of violations, which a row may excuse.
LOST, DOUBLED, REUSED, ORDER, PHANTOM = "lost", "doubled", "id used twice", "order", "phantom"
PUSH, ANSWER, LATE, SERVER_ERROR, REFUSED = "push lost", "answer", "late", "server error", "refused"
SESSION, HOLDERS, MISHAP = "session lost", "two holders", "mishap"

REPLAY_SECONDS = 1.5  # after the death of a node, clients may still be told from the log what it had sent before


@dataclasses.dataclass(frozen=True)
class Rules:
    """What a row of the matrix allows."""
    answer_limit: float = 6.0  # seconds of silence on a request, counted from the death of the node that ran it
    push_p99_limit: float = math.inf  # seconds between the first and the last to hear of an update, of 99 in 100
    excused: frozenset[str] = frozenset()  # kinds of violations that are counted only


@dataclasses.dataclass
class Verdict:
    rules: Rules
    violations: list[str] = dataclasses.field(default_factory=list)
    events: int = 0
    lost: int = 0
    doubled: int = 0
    unanswered: int = 0
    answers: int = 0
    slowest: float = 0.0
    slowest_after_kill: float = 0.0
    push_p99: float = 0.0

    def blame(self, kind: str, what: str) -> None:
        if kind not in self.rules.excused:
            self.violations.append(f"{kind}: {what}")


def check(ledger: Ledger, rules: Rules) -> Verdict:
    verdict = Verdict(rules)
    hits = _hits(ledger)
    increments = [request for session in ledger.sessions for request in session.requests.values()
                  if request.tool == "increment"]
    for session in ledger.sessions:
        if session.lost_session:
            verdict.blame(SESSION, f"{session.id}: {session.lost_session}")
        for stream in sorted(set(session.events) | set(session.log)):
            _check_stream(session, stream, verdict)
        for request in session.requests.values():
            _check_request(session, request, hits.get((session.id, request.id), []), verdict)
        _check_pushes(session, increments, verdict)
    _check_push_times(ledger, verdict)
    for kind, told in ((HOLDERS, ledger.two_holders), (MISHAP, ledger.mishaps)):
        for what in told:
            verdict.blame(kind, what)
    _check_statuses(ledger, verdict)
    return verdict


def _hits(ledger: Ledger) -> dict[tuple[str, int], list[float]]:
    """When the node that ran a call was killed, by call."""
    found: dict[tuple[str, int], list[float]] = collections.defaultdict(list)
    for kill in ledger.kills:
        for session, request in kill.calls:
            found[session, request].append(kill.at)
    return found


def _check_stream(session: Session, stream: str, verdict: Verdict) -> None:
    where = f"{session.id} {stream}"
    events = session.events.get(stream, [])
    verdict.events += len(events)
    positions = [position_of(event.id) for event in events]
    for before, after in zip(positions, positions[1:]):
        if after < before:
            verdict.blame(ORDER, f"{where}: {after} came after {before}")
    _check_repeated_ids(where, list(zip(positions, (event.text for event in events))), verdict)
    _check_repeated_texts(where, [event.text for event in events], verdict)
    if stream in session.log and stream in session.begins:
        held = {position_of(position): text for position, text in session.log[stream]}
        received = {position: event.text for position, event in zip(positions, events)}
        _compare_with_log(where, received, held, position_of(session.begins[stream]), verdict)


def _check_repeated_ids(where: str, events: list[tuple[Position, str]], verdict: Verdict) -> None:
    texts: dict[Position, list[str]] = collections.defaultdict(list)
    for position, text in events:
        texts[position].append(text)
    for position, told in texts.items():
        verdict.doubled += len(told) - 1
        if len(set(told)) > 1:
            verdict.blame(REUSED, f"{where}: {position} is {' and '.join(told)}")
        elif len(told) > 1:
            verdict.blame(DOUBLED, f"{where}: {position} came {len(told)} times")


def _check_repeated_texts(where: str, texts: list[str], verdict: Verdict) -> None:
    """The same event under two ids."""
    for text, count in collections.Counter(texts).items():
        if count > 1 and not any(hint in text for hint in ALIKE):
            verdict.doubled += count - 1
            verdict.blame(DOUBLED, f"{where}: {count} times {text}")


def _compare_with_log(where: str, received: dict[Position, str], held: dict[Position, str], begin: Position,
                      verdict: Verdict) -> None:
    for position, text in held.items():
        if position > begin and position not in received:
            verdict.lost += 1
            verdict.blame(LOST, f"{where}: {position} never came: {text}")
    for position, text in received.items():
        if position not in held:
            verdict.blame(PHANTOM, f"{where}: {position} is not in the log: {text}")
        elif held[position] != text:
            verdict.blame(REUSED, f"{where}: {position} is {held[position]} in the log and came as {text}")


def _check_request(session: Session, request: Request, hits: list[float], verdict: Verdict) -> None:
    where = f"{session.id} request {request.id} ({request.tool})"
    if not request.accepted:
        return  # nobody knows whether it arrived; another one was sent in its place
    if request.given_up:
        verdict.blame(ANSWER, f"{where}: {request.given_up}")
    in_log = sum(_is_answer(text, request.id) for _, text in session.log.get(request.stream, []))
    if not request.answers:
        verdict.unanswered += 1
        return verdict.blame(ANSWER, f"{where}: no response; the log has {in_log}")
    verdict.answers += 1
    if len(request.answers) > 1 or in_log > 1:
        verdict.doubled += 1
        verdict.blame(DOUBLED, f"{where}: {len(request.answers)} responses; the log has {in_log}")
    if _is_interrupted(request, request.answers[0][1]):
        pass  # told so, in place of running it twice
    elif _is_wrong(request, request.answers[0][1]):
        verdict.blame(ANSWER, f"{where}: answered with {json.dumps(request.answers[0][1])}")
    elif request.tool == "countdown":
        _check_steps(where, session, request, verdict)
    _check_time(where, session, request, hits, verdict)


def _is_answer(text: str, request_id: int) -> bool:
    message = json.loads(text)
    return "method" not in message and message.get("id") == request_id


def _is_interrupted(request: Request, message: dict[str, Any]) -> bool:
    """The node of a call that may not run twice has died."""
    return request.tool == "increment" and "has died" in message.get("error", {}).get("message", "")


def _is_wrong(request: Request, message: dict[str, Any]) -> bool:
    expected = {"countdown": "liftoff", "echo": request.arguments.get("message"), "confirm": "yes"}.get(request.tool)
    content = message.get("result", {}).get("content", [{}])
    return "result" not in message or (expected is not None and content[0].get("text") != expected)


def _check_steps(where: str, session: Session, request: Request, verdict: Verdict) -> None:
    messages = [json.loads(event.text) for event in session.events.get(request.stream, [])]
    steps = [message["params"]["progress"] for message in messages if message.get("method") == "notifications/progress"
             and message["params"]["progressToken"] == request.id]
    wanted = list(range(1, request.arguments["from"] + 1))
    if steps == wanted:
        return
    missing = sorted(set(wanted) - set(steps))
    verdict.lost += len(missing)
    verdict.blame(LOST, f"{where}: steps {steps} instead of 1 to {wanted[-1]}, missing {missing}")


def _check_time(where: str, session: Session, request: Request, hits: list[float], verdict: Verdict) -> None:
    """Silence counts from the last sign of life, or from when the node that ran the call was killed, if that was later.
    Then the second run first repeats what the first one had done; the time that takes is not counted."""
    signs = sorted({request.asked, request.accepted, request.answers[0][0],
                    *(event.at for event in session.events.get(request.stream, []))})
    for since, until in zip(signs, signs[1:]):
        hit = max((at for at in hits if since - REPLAY_SECONDS < at < until), default=0.0)
        silence = until - max(since, hit)
        if hit:
            silence -= _repeated(session, request, hit)
            verdict.slowest_after_kill = max(verdict.slowest_after_kill, silence)
        verdict.slowest = max(verdict.slowest, silence)
        if silence > verdict.rules.answer_limit:
            verdict.blame(LATE, f"{where}: silent for {silence:.1f} s, until {until:.3f}")


def _repeated(session: Session, request: Request, until: float) -> float:
    steps = sum(event.at <= until + REPLAY_SECONDS for event in session.events.get(request.stream, []))
    return steps * request.arguments.get("interval_ms", 0) / 1000


def _updates(session: Session) -> list[float]:
    return [event.at for events in session.events.values() for event in events if UPDATED in event.text]


def _check_pushes(session: Session, increments: list[Request], verdict: Verdict) -> None:
    """An increment is told to each session once, if at all; one whose answer nobody got may have happened, too."""
    told = len(_updates(session))
    if told > len(increments):
        verdict.doubled += told - len(increments)
        verdict.blame(DOUBLED, f"{session.id}: {told} updates of {len(increments)} increments")
    due = sum(0 < session.subscribed < request.sent for request in increments
              if request.answers and "result" in request.answers[0][1])
    if told < due and not session.lost_session:
        verdict.blame(PUSH, f"{session.id}: {told} updates, but {due} increments were answered since it had subscribed")


def _check_push_times(ledger: Ledger, verdict: Verdict) -> None:
    """How much later than the first session the others heard of an update. The last but n of each is the same one."""
    heard = [sorted(updates, reverse=True) for session in ledger.sessions if (updates := _updates(session))]
    delays = sorted(at - min(same) for same in zip(*heard) for at in same)
    if delays:
        verdict.push_p99 = delays[len(delays) * 99 // 100]
    if verdict.push_p99 > verdict.rules.push_p99_limit:
        verdict.blame(LATE, f"one in a hundred updates came {verdict.push_p99:.1f} s later than to others")


def _check_statuses(ledger: Ledger, verdict: Verdict) -> None:
    for answer, count in ledger.statuses.items():
        status = answer.split()[-1]
        if status.isdigit() and int(status) >= 400:
            verdict.blame(SERVER_ERROR if int(status) >= 500 else REFUSED, f"{count} × {answer}")
