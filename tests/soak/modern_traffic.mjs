// What a client of 2026-07-28 does in the mixed soak. Each action checks its own answers.

import assert from 'node:assert/strict';
import { badAnswers, badArguments, goodAnswers } from './answers.mjs';
import { countTo, eventually, Exchange, progressOf, textOf } from '../e2e/lib/raw.mjs';

const version = '2026-07-28';
const prefix = 'io.modelcontextprotocol/';
const counter = 'demo://counter';

/** One client: no session, everything is in each request. */
export class ModernClient {
  #nextId = 1;

  constructor(url, random, agent) {
    Object.assign(this, { url, random, agent });
  }

  /** Posts a request and resolves with {id, exchange} when the head of the answer is there. */
  async post(method, params = {}, { headers = {}, agent = false } = {}) {
    const id = this.#nextId++;
    const meta = {
      [`${prefix}protocolVersion`]: version,
      [`${prefix}clientInfo`]: { name: 'hydrant-soak', version: '1.0.0' },
      [`${prefix}clientCapabilities`]: { elicitation: {} },
    };
    const exchange = await Exchange.start(this.url, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-protocol-version': version,
        'mcp-method': method,
        ...nameHeader(params),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...meta, ...params._meta } } }),
      agent,
    });
    return { id, exchange };
  }

  /** Posts a request and returns the response message. */
  async request(method, params) {
    const { id, exchange } = await this.post(method, params, { agent: this.agent });
    await exchange.finished();
    const answer = exchange.response(id);
    assert.ok(answer, `${method} answered ${exchange.status} ${exchange.text.slice(0, 500)}`);
    return answer;
  }

  callTool(name, args, more = {}) {
    return this.request('tools/call', { name, arguments: args, ...more });
  }
}

function nameHeader({ name, uri }) {
  const value = name ?? uri;
  return value === undefined ? {} : { 'mcp-name': value };
}

const complete = (answer) => {
  assert.equal(answer.result?.resultType, 'complete', JSON.stringify(answer));
  return answer.result;
};

async function modernEcho(client) {
  const message = client.random.text(client.random.below(2_000));
  assert.equal(textOf(complete(await client.callTool('echo', { message }))), message);
}

async function discover(client) {
  const { supportedVersions } = complete(await client.request('server/discover'));
  assert.ok(supportedVersions.includes(version), `versions ${supportedVersions}`);
}

async function readCounter(client) {
  const { contents } = complete(await client.request('resources/read', { uri: counter }));
  assert.match(contents[0].text, /^\d+$/);
}

const startCountdown = (client, args) =>
  client.post('tools/call', { name: 'countdown', arguments: args, _meta: { progressToken: 'soak' } });

async function modernCountdown(client) {
  const from = 1 + client.random.below(20);
  const { id, exchange } = await startCountdown(client, { from, interval_ms: 2 });
  await exchange.finished();
  assert.deepEqual(progressOf(exchange.messages, 'soak'), countTo(from));
  assert.equal(textOf(complete(exchange.response(id))), 'liftoff');
}

// In this era, to close the stream of an answer is to cancel the request.
async function modernCancel(client) {
  const { exchange } = await startCountdown(client, { from: 10_000, interval_ms: 5 });
  const events = client.random.below(5);
  await eventually(() => exchange.messages.length >= events, `${events} events`);
  exchange.destroy();
  await exchange.finished();
}

/** Has the tool ask and returns the response to the call that carries `answer`. */
async function askAndAnswer(client, answer) {
  const args = { question: client.random.text(40) };
  const { result } = await client.callTool('confirm', args);
  assert.equal(result?.resultType, 'input_required', JSON.stringify(result));
  const keys = Object.keys(result.inputRequests);
  assert.equal(keys.length, 1);
  assert.equal(result.inputRequests[keys[0]].method, 'elicitation/create');
  const more = { inputResponses: { [keys[0]]: answer } };
  if (result.requestState !== undefined) more.requestState = result.requestState;
  return client.callTool('confirm', args, more);
}

async function modernConfirm(client) {
  assert.ok(textOf(complete(await askAndAnswer(client, client.random.pick(goodAnswers)))));
}

// What counts here is that the call ends, with whatever the server makes of such an answer.
async function modernConfirmAnsweredBadly(client) {
  const response = await askAndAnswer(client, client.random.pick(badAnswers));
  assert.ok(response.result || response.error, JSON.stringify(response));
}

async function modernBadToolCall(client) {
  const answer = await client.request('tools/call', client.random.pick(badArguments));
  assert.ok(answer.error || answer.result?.isError, `a refusal: ${JSON.stringify(answer)}`);
}

async function modernListen(client) {
  const notifications = { resourceSubscriptions: [counter] };
  const { exchange } = await client.post('subscriptions/listen', { notifications });
  assert.equal(exchange.status, 200, exchange.text);
  const having = (method) => () => exchange.messages.some((message) => message.method === method);
  await eventually(having('notifications/subscriptions/acknowledged'), 'the acknowledgement');
  complete(await client.callTool('increment', {}));
  await eventually(having('notifications/resources/updated'), 'an update of the counter');
  exchange.destroy();
}

async function modernBadInput(client) {
  const attempts = [
    () => client.post('tools/list', {}, { headers: { 'mcp-method': 'prompts/list' } }),
    () => client.post('tools/call', { name: 'echo', arguments: {} }, { headers: { 'mcp-name': 'other' } }),
    () => client.post('tools/list', { _meta: { [`${prefix}protocolVersion`]: 'v999.0.0' } }),
    () => client.post('resources/read', { uri: 'demo://nowhere' }),
    () => client.post(`no/${client.random.below(1_000)}`),
    () => client.post('initialize'),
  ];
  const { id, exchange } = await client.random.pick(attempts)();
  await exchange.finished();
  assert.ok(exchange.status < 500, `bad input answered ${exchange.status}: ${exchange.text}`);
  assert.ok(exchange.response(id)?.error, `an error for bad input: ${exchange.status} ${exchange.text}`);
}

// Repeated where the mix wants more of one.
export const modernActions = [
  modernEcho,
  modernEcho,
  modernEcho,
  modernEcho,
  discover,
  readCounter,
  modernCountdown,
  modernCountdown,
  modernCancel,
  modernConfirm,
  modernConfirmAnsweredBadly,
  modernListen,
  modernBadInput,
  modernBadToolCall,
];
