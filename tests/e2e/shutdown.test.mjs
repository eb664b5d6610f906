// A node that is asked to stop: clients keep what they were promised, and nobody waits for nothing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LegacySse } from './lib/legacy.mjs';
import { countTo, progressOf, RawSession, textOf } from './lib/raw.mjs';
import { runningAt, startServer } from './lib/server.mjs';

const timeout = 60_000;
const promptlyMs = 5_000;

/** Starts a server, lets `leave` leave something behind, and expects an orderly end. */
async function stopAfter(leave) {
  const server = await startServer();
  let left;
  try {
    left = await leave(server);
  } finally {
    left = { ...left, askedAt: Date.now() };
    await server.stop();
  }
  return { ...left, tookMs: Date.now() - left.askedAt };
}

const idle = {
  'with nothing to do': async () => {},
  'with an idle session': async (server) => {
    const session = await RawSession.open(server.mcp);
    await session.request('tools/call', { name: 'echo', arguments: { message: 'hello' } });
  },
  'with an open stream for notifications': async (server) => {
    const session = await RawSession.open(server.mcp);
    return { stream: await session.listen() };
  },
  'with an open stream of legacy HTTP+SSE': async (server) => {
    const legacy = await LegacySse.open(server.sse);
    await legacy.initialize();
    return { stream: legacy.stream };
  },
};

const skip = runningAt && 'the server was not started here';

describe('a node that is asked to stop', { skip }, () => {
  for (const [what, leave] of Object.entries(idle)) {
    test(`ends promptly ${what}`, { timeout }, async () => {
      const { tookMs, stream } = await stopAfter(leave);
      assert.ok(tookMs < promptlyMs, `it took ${tookMs} ms`);
      await stream?.finished();
    });
  }

  test('first finishes a running call and delivers its result', { timeout }, async () => {
    const { id, exchange } = await stopAfter(async (server) => {
      const session = await RawSession.open(server.mcp);
      return session.startTool('countdown', { from: 50, interval_ms: 20 });
    });
    await exchange.finished();
    assert.deepEqual(progressOf(exchange.messages, id), countTo(50));
    assert.equal(textOf(exchange.response(id).result), 'liftoff');
  });
});
