// The wire without any MCP library: streams that can be cut at will, and sessions over them.

import assert from 'node:assert/strict';
import http from 'node:http';
import { SseParser } from './sse.mjs';

export const latestSessionVersion = '2025-11-25';
const deadlineMs = 10_000;

/**
 * Resolves with what `get` returns once that is truthy; fails loudly after a deadline. `what` names the
 * expectation; as a function it is asked at the deadline, and can tell what came instead.
 */
export async function eventually(get, what, withinMs = deadlineMs) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await get();
    if (value) return value;
    if (Date.now() > deadline) {
      throw new Error(`not within ${withinMs} ms: ${typeof what === 'function' ? what() : what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** One HTTP exchange whose body may be an event stream that stays open. */
export class Exchange {
  /** Every event so far; the ones with JSON data carry it as `message`. */
  events = [];
  text = '';
  ended = false;
  #request;
  #whenEnded = Promise.withResolvers();

  /**
   * Resolves when the response's head is there. Without an agent the exchange has a connection of
   * its own, so that cutting it disturbs no other.
   */
  static async start(url, { method = 'GET', headers = {}, body, agent = false } = {}) {
    const exchange = new Exchange();
    await exchange.#send(url, { method, headers, agent }, body);
    return exchange;
  }

  #send(url, options, body) {
    return new Promise((resolve, reject) => {
      this.#request = http.request(url, options);
      this.#request.on('error', (error) => {
        this.#end();
        reject(error);
      });
      this.#request.on('response', (response) => {
        this.#receive(response);
        resolve();
      });
      this.#request.end(body);
    });
  }

  #receive(response) {
    this.status = response.statusCode;
    this.headers = response.headers;
    const parser = new SseParser();
    response.setEncoding('utf8');
    response.on('data', (text) => {
      this.text += text;
      if (this.isStream) this.events.push(...parser.feed(text).map(withMessage));
    });
    response.on('error', () => {});
    response.on('close', () => this.#end());
  }

  #end() {
    this.ended = true;
    this.#whenEnded.resolve();
  }

  get isStream() {
    return (this.headers['content-type'] ?? '').startsWith('text/event-stream');
  }

  /** The JSON-RPC messages so far, of a stream or of a plain JSON answer. */
  get messages() {
    if (this.isStream) return this.events.filter((event) => event.message).map((event) => event.message);
    return this.ended && this.text ? [JSON.parse(this.text)].flat() : [];
  }

  /** The id of the last event that had one: where a client resumes. */
  get lastEventId() {
    return this.events.findLast((event) => event.id !== undefined)?.id;
  }

  /** What came, for a failure's message. */
  toString() {
    return `${this.status}${this.ended ? ', ended' : ', open'}, …${JSON.stringify(this.text.slice(-700))}`;
  }

  response(id) {
    return this.messages.find((message) => message.id === id && !message.method);
  }

  /** Waits for the end of the response; fails loudly after a deadline. */
  async finished() {
    let timer;
    const late = new Promise((_, reject) => {
      const fail = () => reject(new Error(`a response did not end; so far: ${this.text.slice(-500)}`));
      timer = setTimeout(fail, deadlineMs);
    });
    await Promise.race([this.#whenEnded.promise, late]).finally(() => clearTimeout(timer));
    return this;
  }

  /** Cuts the connection without a farewell. */
  destroy() {
    this.#request.destroy();
  }
}

function withMessage(event) {
  if (event.event !== 'message' || !event.data.startsWith('{')) return event;
  return { ...event, message: JSON.parse(event.data) };
}

/** A session of the Streamable HTTP transport. */
export class RawSession {
  #nextId = 1;

  static async open(url, { version = latestSessionVersion, agent = false } = {}) {
    const session = new RawSession();
    Object.assign(session, { url, version, agent });
    const exchange = await session.post({ id: 0, method: 'initialize', params: initializeParams(version) });
    await eventually(() => exchange.response(0), () => `an answer to initialize: ${exchange}`);
    assert.equal(exchange.status, 200, exchange.text);
    session.id = exchange.headers['mcp-session-id'];
    assert.ok(session.id, 'a session id');
    const accepted = await session.post({ method: 'notifications/initialized' });
    assert.equal(accepted.status, 202, accepted.text);
    return session;
  }

  get headers() {
    const ofSession = this.id ? { 'mcp-session-id': this.id, 'mcp-protocol-version': this.version } : {};
    return { accept: 'application/json, text/event-stream', ...ofSession };
  }

  nextId() {
    return this.#nextId++;
  }

  post(message, headers = {}) {
    return Exchange.start(this.url, {
      method: 'POST',
      headers: { ...this.headers, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      agent: this.agent,
    });
  }

  /** Sends a request and waits for the response message. */
  async request(method, params, headers) {
    const id = this.nextId();
    const exchange = await this.post({ id, method, params }, headers);
    return eventually(() => exchange.response(id), () => `an answer to ${method}: ${exchange}`);
  }

  /** Starts a tool with progress. Returns {id, exchange}; the progress token equals the id. */
  async startTool(name, args) {
    const id = this.nextId();
    const exchange = await this.post({
      id,
      method: 'tools/call',
      params: { name, arguments: args, _meta: { progressToken: id } },
    });
    assert.equal(exchange.status, 200, exchange.text);
    return { id, exchange };
  }

  /** Opens the session's stream for what the server sends unasked, or resumes one. */
  listen(lastEventId) {
    const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    return Exchange.start(this.url, { headers: { ...this.headers, accept: 'text/event-stream', ...resume } });
  }

  async end() {
    const exchange = await Exchange.start(this.url, { method: 'DELETE', headers: this.headers, agent: this.agent });
    return exchange.finished();
  }
}

export function initializeParams(version, capabilities = { elicitation: {} }) {
  return { protocolVersion: version, capabilities, clientInfo: { name: 'hydrant-raw', version: '1.0.0' } };
}

/** The progress values for one token among some messages, in their order. */
export function progressOf(messages, token) {
  return messages
    .filter((message) => message.method === 'notifications/progress' && message.params.progressToken === token)
    .map((message) => message.params.progress);
}

export const countTo = (last) => Array.from({ length: last }, (_, index) => index + 1);

export const textOf = (result) => result.content?.map((part) => part.text).join('');
