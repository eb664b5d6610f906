// Promises that no client library shows: what happens to streams that are cut, and to those who
// come back.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LegacySse } from './lib/legacy.mjs';
import { countTo, eventually, progressOf, RawSession, textOf } from './lib/raw.mjs';
import { startServer } from './lib/server.mjs';

const timeout = 20_000;
const from = 50;
const countdown = { from, interval_ms: 20 };
const quietMs = 250;

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

/** Everything one client saw of a run over several streams: nothing missing, nothing twice. */
function assertWholeRun(exchanges, id) {
  const events = exchanges.flatMap((exchange) => exchange.events).filter((event) => event.message);
  const messages = events.map((event) => event.message);
  assert.deepEqual(progressOf(messages, id), countTo(from), 'progress exactly once and in order');
  const responses = messages.filter((message) => message.id === id && !message.method);
  assert.equal(responses.length, 1, 'exactly one response');
  assert.equal(textOf(responses[0].result), 'liftoff');
  assert.equal(messages.at(-1), responses[0], 'the response comes last');
  const ids = events.map((event) => event.id);
  assert.ok(ids.every(Boolean), 'each event has an id');
  assert.equal(new Set(ids).size, ids.length, 'no event id twice');
}

async function cutAfter(exchange, id, progress) {
  await eventually(() => progressOf(exchange.messages, id).length >= progress, `${progress} events`);
  exchange.destroy();
  await exchange.finished();
}

describe('a cut stream of Streamable HTTP', () => {
  test('is resumed with everything that was missed exactly once', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    const { id, exchange } = await session.startTool('countdown', countdown);
    await cutAfter(exchange, id, 10);

    const resumed = await session.listen(exchange.lastEventId);
    assert.equal(resumed.status, 200, resumed.text);
    await eventually(() => resumed.response(id), 'the result on the resumed stream');
    assertWholeRun([exchange, resumed], id);
    await session.end();
  });

  test('is resumed as often as it is cut', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    const { id, exchange } = await session.startTool('countdown', countdown);
    const exchanges = [exchange];
    for (const progress of [5, 10, 10, 10]) {
      await cutAfter(exchanges.at(-1), id, progress);
      const lastSeen = exchanges.findLast((one) => one.lastEventId).lastEventId;
      exchanges.push(await session.listen(lastSeen));
    }
    await eventually(() => exchanges.at(-1).response(id), 'the result on the last stream');
    assertWholeRun(exchanges, id);
    await session.end();
  });

  test('is resumed after the run has ended, by replay', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    const { id, exchange } = await session.startTool('countdown', countdown);
    await cutAfter(exchange, id, 10);
    await sleep(countdown.from * countdown.interval_ms + 500);

    const resumed = await session.listen(exchange.lastEventId);
    await eventually(() => resumed.response(id), 'the result by replay');
    assertWholeRun([exchange, resumed], id);
    await session.end();
  });

  test('is no cancellation, and another request of the session goes on meanwhile', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    const { id, exchange } = await session.startTool('countdown', countdown);
    await cutAfter(exchange, id, 3);
    const echo = await session.request('tools/call', { name: 'echo', arguments: { message: 'meanwhile' } });
    assert.equal(textOf(echo.result), 'meanwhile');
    const resumed = await session.listen(exchange.lastEventId);
    await eventually(() => resumed.response(id), 'the result');
    assertWholeRun([exchange, resumed], id);
    await session.end();
  });

  test('does not resume at an id that was never given', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    const resumed = await session.listen('no-such-event');
    assert.ok(resumed.status >= 400 && resumed.status < 500, `status ${resumed.status}`);
    await session.end();
  });
});

describe('the stream for notifications', () => {
  const watchCounter = (session) => session.request('resources/subscribe', { uri: 'demo://counter' });
  const increment = (session) => session.request('tools/call', { name: 'increment', arguments: {} });
  const updatesOn = (exchange) =>
    exchange.messages.filter((message) => message.method === 'notifications/resources/updated').length;

  test('goes to the newest of two, and the older one ends', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    await watchCounter(session);
    const first = await session.listen();
    await increment(session);
    await eventually(() => updatesOn(first) === 1, 'an update on the first stream');

    const second = await session.listen();
    assert.equal(second.status, 200, second.text);
    await first.finished();
    await increment(session);
    await eventually(() => updatesOn(second) === 1, 'an update on the second stream');
    await sleep(quietMs);
    assert.deepEqual([updatesOn(first), updatesOn(second)], [1, 1]);
    await session.end();
  });

  test('replays what came while nobody listened', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    await watchCounter(session);
    const first = await session.listen();
    await increment(session);
    await eventually(() => updatesOn(first) === 1 && first.lastEventId, 'an update with an id');
    first.destroy();
    await first.finished();
    await increment(session);

    const second = await session.listen(first.lastEventId);
    await eventually(() => updatesOn(second) === 1, 'the missed update');
    await sleep(quietMs);
    assert.equal(updatesOn(second), 1);
    await session.end();
  });

  test('ends with its session', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    const stream = await session.listen();
    const ended = await session.end();
    assert.ok(ended.status >= 200 && ended.status < 300, `status ${ended.status}`);
    await stream.finished();
    const late = await session.post({ id: 99, method: 'ping' });
    assert.equal(late.status, 404);
  });
});

describe('a cancelled request', () => {
  test('says nothing more', { timeout }, async () => {
    const session = await RawSession.open(server.mcp);
    const { id, exchange } = await session.startTool('countdown', { from: 1000, interval_ms: 20 });
    await eventually(() => progressOf(exchange.messages, id).length >= 3, 'three events');
    const accepted = await session.post({ method: 'notifications/cancelled', params: { requestId: id } });
    assert.equal(accepted.status, 202);
    await sleep(quietMs);
    const count = exchange.messages.length;
    await sleep(quietMs);
    assert.equal(exchange.messages.length, count, 'silence');
    assert.equal(exchange.response(id)?.result, undefined, 'no result');
    await session.end();
  });
});

describe('legacy HTTP+SSE', () => {
  test('answers a message on the stream, and with 410 once the stream is closed', { timeout }, async () => {
    const legacy = await LegacySse.open(server.sse);
    await legacy.initialize();
    const id = await legacy.send('tools/call', { name: 'echo', arguments: { message: 'over sse' } });
    await eventually(() => legacy.response(id), 'the echo');
    assert.equal(textOf(legacy.response(id).result), 'over sse');

    await legacy.cut();
    const ping = { id: 1000, method: 'ping' };
    await eventually(async () => (await legacy.post(ping)).status === 410, '410 after the stream was closed', 5_000);
  });

  test('resumes the session with everything that was missed exactly once', { timeout }, async () => {
    const legacy = await LegacySse.open(server.sse);
    await legacy.initialize();
    const id = await legacy.startTool('countdown', countdown);
    await eventually(() => progressOf(legacy.messages, id).length >= 10, 'ten events');
    const before = legacy.stream;
    await legacy.cut();
    await legacy.resume();
    await eventually(() => legacy.response(id), 'the result on the resumed stream');
    assertWholeRun([before, legacy.stream].map(onlyOf(id)), id);

    const echo = await legacy.send('tools/call', { name: 'echo', arguments: { message: 'again' } });
    await eventually(() => legacy.response(echo), 'an answer after resuming');
    await legacy.cut();
  });

  test('refuses messages for a session that never was', { timeout }, async () => {
    const legacy = await LegacySse.open(server.sse);
    const url = new URL(legacy.messagesUrl);
    url.searchParams.set('sessionId', '00000000-0000-4000-8000-000000000000');
    const refused = await legacy.post({ id: 1, method: 'ping' }, url);
    assert.ok([404, 410].includes(refused.status), `status ${refused.status}`);
    await legacy.cut();
  });
});

/** The events of one stream that belong to one request. */
function onlyOf(id) {
  const belongs = ({ message }) => message && (message.id === id || message.params?.progressToken === id);
  return (exchange) => ({ events: exchange.events.filter(belongs) });
}
