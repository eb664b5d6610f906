// What a client of the session eras does in the mixed soak. Each action checks its own answers.

import assert from 'node:assert/strict';
import { badAnswers, badArguments, goodAnswers } from './answers.mjs';
import { countTo, eventually, Exchange, progressOf, RawSession, textOf } from '../e2e/lib/raw.mjs';

const counter = 'demo://counter';

/** One client, which opens a new session now and then. */
export class SessionClient {
  #session;

  constructor(url, random, agent) {
    Object.assign(this, { url, random, agent });
  }

  async session() {
    this.#session ??= await RawSession.open(this.url, { agent: this.agent });
    return this.#session;
  }

  forget() {
    this.#session = undefined;
  }
}

async function echo(client) {
  const message = client.random.text(client.random.below(2_000));
  const answer = await (await client.session()).request('tools/call', { name: 'echo', arguments: { message } });
  assert.equal(textOf(answer.result ?? {}), message, JSON.stringify(answer));
}

async function countdown(client) {
  const from = 1 + client.random.below(20);
  const { id, exchange } = await (await client.session()).startTool('countdown', { from, interval_ms: 2 });
  await eventually(
    () => exchange.response(id),
    () => `the result of a countdown: ${exchange}`,
  );
  assertCounted(exchange.messages, id, from);
}

async function countdownCutAndResumed(client) {
  const session = await client.session();
  const from = 20 + client.random.below(20);
  const { id, exchange } = await session.startTool('countdown', { from, interval_ms: 5 });
  const cutAt = 1 + client.random.below(from);
  await eventually(() => progressOf(exchange.messages, id).length >= cutAt, `${cutAt} events`);
  exchange.destroy();
  await exchange.finished();
  if (exchange.response(id)) return; // it was faster than the cut
  const resumed = await session.listen(exchange.lastEventId);
  assert.equal(resumed.status, 200, resumed.text);
  await eventually(
    () => resumed.response(id),
    () => `the result after resuming at ${exchange.lastEventId}: ${resumed}; before that: ${exchange}`,
  );
  assertCounted([...exchange.messages, ...resumed.messages], id, from);
  resumed.destroy();
}

function assertCounted(messages, id, from) {
  assert.deepEqual(progressOf(messages, id), countTo(from));
  const responses = messages.filter((message) => message.id === id && !message.method);
  assert.equal(responses.length, 1, 'one response');
  assert.equal(textOf(responses[0].result ?? {}), 'liftoff', JSON.stringify(responses[0]));
}

async function cancel(client) {
  const session = await client.session();
  const { id, exchange } = await session.startTool('countdown', { from: 10_000, interval_ms: 5 });
  await eventually(() => progressOf(exchange.messages, id).length >= 1, 'the first event');
  const accepted = await session.post({ method: 'notifications/cancelled', params: { requestId: id } });
  assert.equal(accepted.status, 202, accepted.text);
  await accepted.finished();
  exchange.destroy();
  assert.equal(exchange.response(id)?.result, undefined, 'no result of a cancelled call');
}

const questionsOf = (exchange) => exchange.messages.filter((message) => message.method === 'elicitation/create');

/** Has the tool ask and gives `answers` one after the other, until it responds. Returns the response. */
async function askAndAnswer(client, ...answers) {
  const session = await client.session();
  const { id, exchange } = await session.startTool('confirm', { question: client.random.text(40) });
  for (const [index, answer] of answers.entries()) {
    const asked = () => exchange.response(id) ?? questionsOf(exchange)[index];
    const question = await eventually(asked, `question ${index} or a response; answers: ${JSON.stringify(answers)}`);
    if (!question.method) break;
    const accepted = await session.post({ id: question.id, ...answer });
    assert.ok(accepted.status < 500, `${accepted.status} ${accepted.text}`);
    await accepted.finished();
  }
  const response = await eventually(
    () => exchange.response(id),
    () => `a response after ${JSON.stringify(answers)}: ${exchange}`,
  );
  exchange.destroy();
  return response;
}

async function confirm(client) {
  const response = await askAndAnswer(client, { result: client.random.pick(goodAnswers) });
  assert.ok(textOf(response.result ?? {}), JSON.stringify(response));
}

// The server may refuse such an answer or ask again. What counts is that the call ends.
async function confirmAnsweredBadly(client) {
  const bad = client.random.chance(0.3)
    ? { error: { code: -32603, message: 'the user interface is broken' } }
    : { result: client.random.pick(badAnswers) };
  const response = await askAndAnswer(client, bad, { result: client.random.pick(goodAnswers) });
  assert.ok(response.result || response.error, JSON.stringify(response));
}

async function leaveAQuestionOpen(client) {
  const session = await client.session();
  const { exchange } = await session.startTool('confirm', { question: 'never answered' });
  await eventually(() => exchange.messages.length > 0, 'the question');
  exchange.destroy();
  await endSession(client);
}

async function watchCounter(client) {
  const session = await client.session();
  const stream = await session.listen();
  assert.equal(stream.status, 200, stream.text);
  await session.request('resources/subscribe', { uri: counter });
  await session.request('tools/call', { name: 'increment', arguments: {} });
  const isUpdate = ({ method, params }) => method === 'notifications/resources/updated' && params.uri === counter;
  await eventually(() => stream.messages.some(isUpdate), 'an update of the counter');
  await session.request('resources/unsubscribe', { uri: counter });
  stream.destroy();
}

async function endSession(client) {
  const { status } = await (await client.session()).end();
  client.forget();
  assert.ok(status >= 200 && status < 300, `DELETE answered ${status}`);
}

async function abandonSession(client) {
  await client.session();
  client.forget();
}

async function badInput(client) {
  const session = await client.session();
  const { random } = client;
  const raw = (body, headers = {}) =>
    Exchange.start(client.url, {
      method: 'POST',
      headers: { ...session.headers, 'content-type': 'application/json', ...headers },
      body,
      agent: client.agent,
    });
  const request = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'ping' });
  const attempts = [
    () => raw(request.slice(0, random.below(request.length))),
    () => raw(random.text(200)),
    () => raw('['.repeat(5_000)),
    () => raw(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
    () => raw('{}'),
    () => raw('[]'),
    () => raw(request, { 'mcp-session-id': random.text(10).replaceAll(/[^a-zA-Z0-9]/g, 'x') }),
    () => raw(request, { 'mcp-protocol-version': '1999-01-01' }),
    () => raw(request, { 'content-type': 'text/plain' }),
    () => Exchange.start(client.url, { method: 'PUT', headers: session.headers, agent: client.agent }),
  ];
  const exchange = await random.pick(attempts)();
  await exchange.finished();
  assert.ok(exchange.status >= 400 && exchange.status < 500, `bad input answered ${exchange.status}: ${exchange.text}`);
  const unknown = await session.request('no/such/method', {});
  assert.equal(unknown.error?.code, -32601, JSON.stringify(unknown));
}

async function badToolCall(client) {
  const answer = await (await client.session()).request('tools/call', client.random.pick(badArguments));
  assert.ok(answer.error || answer.result?.isError, `a refusal: ${JSON.stringify(answer)}`);
}

// Repeated where the mix wants more of one.
export const sessionActions = [
  echo,
  echo,
  echo,
  echo,
  countdown,
  countdown,
  countdownCutAndResumed,
  cancel,
  confirm,
  confirmAnsweredBadly,
  leaveAQuestionOpen,
  watchCounter,
  endSession,
  abandonSession,
  badInput,
  badToolCall,
];
