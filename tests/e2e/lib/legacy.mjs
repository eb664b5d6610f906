// A client of the old HTTP+SSE transport (2024-11-05) without any MCP library.

import assert from 'node:assert/strict';
import { eventually, Exchange, initializeParams } from './raw.mjs';

const version = '2024-11-05';

export class LegacySse {
  #nextId = 1;
  #sseUrl;
  #streams = [];

  static async open(sseUrl) {
    const legacy = new LegacySse();
    legacy.#sseUrl = sseUrl;
    await legacy.#listen(sseUrl, {});
    return legacy;
  }

  async #listen(url, headers) {
    const stream = await Exchange.start(url, { headers: { accept: 'text/event-stream', ...headers } });
    assert.equal(stream.status, 200, stream.text);
    assert.ok(stream.isStream, `an event stream: ${stream.headers['content-type']}`);
    this.#streams.push(stream);
    if (this.messagesUrl) return;
    const isEndpoint = ({ event }) => event === 'endpoint';
    const endpoint = await eventually(() => stream.events.find(isEndpoint), 'the endpoint event');
    this.messagesUrl = new URL(endpoint.data, url);
    this.sessionId = this.messagesUrl.searchParams.get('sessionId');
    assert.ok(this.sessionId, `a session id in ${endpoint.data}`);
  }

  /** The stream in use. */
  get stream() {
    return this.#streams.at(-1);
  }

  /** The messages of all streams so far. */
  get messages() {
    return this.#streams.flatMap((stream) => stream.messages);
  }

  response(id) {
    return this.messages.find((message) => message.id === id && !message.method);
  }

  async post(message, url = this.messagesUrl) {
    const exchange = await Exchange.start(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
    return exchange.finished();
  }

  /** Posts a request and returns its id; the answer comes on the stream. */
  async send(method, params) {
    const id = this.#nextId++;
    const accepted = await this.post({ id, method, params });
    assert.equal(accepted.status, 202, accepted.text);
    return id;
  }

  /** Starts a tool with progress, whose token equals the returned id. */
  async startTool(name, args) {
    const progressToken = this.#nextId;
    return this.send('tools/call', { name, arguments: args, _meta: { progressToken } });
  }

  async initialize() {
    const id = await this.send('initialize', initializeParams(version, {}));
    await eventually(() => this.response(id), 'an answer to initialize');
    assert.equal(this.response(id).result?.protocolVersion, version);
    const accepted = await this.post({ method: 'notifications/initialized' });
    assert.equal(accepted.status, 202, accepted.text);
  }

  async cut() {
    this.stream.destroy();
    await this.stream.finished();
  }

  /** Comes back to the session, from the last event that was seen. */
  async resume() {
    const url = new URL(this.#sseUrl);
    url.searchParams.set('sessionId', this.sessionId);
    const { lastEventId } = this.#streams.findLast((stream) => stream.lastEventId) ?? {};
    assert.ok(lastEventId, 'an event id to resume from');
    await this.#listen(url, { 'last-event-id': lastEventId });
  }
}
