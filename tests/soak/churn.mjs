// Opens and drops sessions in every way a client can leave, then looks at what stays behind.

import assert from 'node:assert/strict';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, RawSession, textOf } from '../e2e/lib/raw.mjs';
import { withServer } from '../e2e/lib/server.mjs';
import { inMebibytes, mebibyte, residentBytes } from './memory.mjs';

const concurrency = 32;
// A session's actor stays in memory for a while after its last use, whatever became of the session.
const serverArgs = ['--session-ttl', '5s', '--session-passivate-after', '2s'];
const expiryDeadlineMs = 60_000;
const settleDeadlineMs = 15_000;
const allowedShare = 0.2;
const allowedBytes = 8 * mebibyte;

export async function churn({ sessions = 10_000, warmup = 1_000 }) {
  await withServer({ args: serverArgs }, async (server) => {
    console.log(`churn: resident at the start ${inMebibytes(residentBytes(server.pid))}`);
    const level = await round(server, 'warm-up', warmup, 0);
    const limit = level * (1 + allowedShare) + allowedBytes;
    const rest = await round(server, 'churn', sessions, limit);
    assert.ok(rest <= limit, `resident ${inMebibytes(rest)} is above the limit of ${inMebibytes(limit)}`);
    console.log(`churn: resident ${inMebibytes(rest)} is within the limit of ${inMebibytes(limit)}`);
  });
}

/** Drops `count` sessions, waits until all are gone, and returns the resident bytes then. */
async function round(server, name, count, limit) {
  const started = Date.now();
  const peak = await inParallel(count, server);
  const seconds = (Date.now() - started) / 1000;
  console.log(`${name}: ${count} sessions in ${seconds.toFixed(1)} s, resident at most ${inMebibytes(peak)}`);
  await eventually(async () => (await activeSessions(server)) === 0, 'no active session', expiryDeadlineMs);
  await eventually(async () => (await sessionActors(server)) === 0, 'no session in memory', expiryDeadlineMs);
  const rest = await settledBytes(server.pid, limit);
  console.log(`${name}: all sessions expired, resident ${inMebibytes(rest)}`);
  return rest;
}

async function inParallel(count, server) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  let next = 0;
  let peak = 0;
  const worker = async () => {
    while (next < count) {
      await oneSession(server, next++, agent);
      if (next % 100 === 0) peak = Math.max(peak, residentBytes(server.pid));
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    agent.destroy();
  }
  return peak;
}

async function oneSession(server, number, agent) {
  const session = await RawSession.open(server.mcp, { agent });
  const message = `session ${number}`;
  const echo = await session.request('tools/call', { name: 'echo', arguments: { message } });
  assert.equal(textOf(echo.result), message);
  if (number % 2 === 0) {
    const stream = await session.listen();
    assert.equal(stream.status, 200, stream.text);
    stream.destroy();
  }
  if (number % 3 === 0) {
    const { status } = await session.end();
    assert.ok(status >= 200 && status < 300, `DELETE answered ${status}`);
  }
}

async function activeSessions(server) {
  const { body } = await server.health();
  assert.equal(typeof body.activeSessions, 'number', `/health counts active sessions: ${JSON.stringify(body)}`);
  return body.activeSessions;
}

async function sessionActors(server) {
  const response = await fetch(new URL('/metrics', server.base));
  const found = /^hydrant_session_actors (\d+)$/m.exec(await response.text());
  assert.ok(found, '/metrics counts the session actors');
  return Number(found[1]);
}

/** The resident bytes once they are under the limit; without a limit, once they rest. */
async function settledBytes(pid, limit) {
  const deadline = Date.now() + (limit ? settleDeadlineMs : 2_000);
  while (Date.now() < deadline && !(limit && residentBytes(pid) <= limit)) await sleep(250);
  return residentBytes(pid);
}
