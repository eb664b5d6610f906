// The second generation of the official TypeScript client: @modelcontextprotocol/client 2.x, which
// speaks the session eras by default and 2026-07-28 when it negotiates or is pinned.

import assert from 'node:assert/strict';
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describeClient } from './lib/behaviours.mjs';
import { eventually } from './lib/raw.mjs';

const modern = '2026-07-28';
const updated = 'notifications/resources/updated';

class Connection {
  received = [];
  #elicit = () => ({ action: 'cancel' });

  static async open(transport, mode) {
    const connection = new Connection();
    await connection.#connect(transport, mode);
    return connection;
  }

  async #connect(transport, mode) {
    this.transport = transport;
    transport.onmessage = (message) => this.received.push(message);
    const options = { capabilities: { elicitation: { form: {} } }, ...(mode && { versionNegotiation: { mode } }) };
    this.client = new Client({ name: 'hydrant-e2e', version: '1.0.0' }, options);
    this.client.setRequestHandler('elicitation/create', ({ params }) => this.#elicit(params));
    // A transport left open would try again for ever, and keep the test process alive.
    await this.client.connect(transport).catch((error) => transport.close().then(() => Promise.reject(error)));
    this.version = this.client.getNegotiatedProtocolVersion();
    if (this.version !== modern) this.setLevel = (level) => this.client.setLoggingLevel(level);
  }

  listTools = async () => (await this.client.listTools()).tools;
  listResources = async () => (await this.client.listResources()).resources;
  listTemplates = async () => (await this.client.listResourceTemplates()).resourceTemplates;
  listPrompts = async () => (await this.client.listPrompts()).prompts;
  call = (name, args, options) => this.client.callTool({ name, arguments: args }, options);
  read = async (uri) => (await this.client.readResource({ uri })).contents[0];
  complete = async (params) => (await this.client.complete(params)).completion;
  getPrompt = (params) => this.client.getPrompt(params);
  request = (method, params) => this.client.request({ method, params });

  onElicit(handler) {
    this.#elicit = handler;
  }

  async watch(uri, handler) {
    this.client.setNotificationHandler(updated, ({ params }) => handler(params.uri));
    if (this.version !== modern) {
      await this.client.subscribeResource({ uri });
      return () => this.client.unsubscribeResource({ uri });
    }
    const subscription = await this.client.listen({ resourceSubscriptions: [uri] });
    assert.deepEqual(subscription.honoredFilter.resourceSubscriptions, [uri]);
    return () => subscription.close();
  }

  close() {
    return this.client.close();
  }
}

const overHttp = (mode) => async (server, wire) => {
  const transport = new StreamableHTTPClientTransport(server.mcp, { fetch: wire.fetch });
  const connection = await Connection.open(transport, mode);
  if (connection.version === modern) {
    assert.equal(transport.sessionId, undefined, 'no session in the modern era');
  } else {
    await eventually(() => wire.openedStreams === 1, 'the stream for notifications');
    connection.close = async () => {
      await transport.terminateSession();
      await connection.client.close();
    };
  }
  return connection;
};

const overSse = (server, wire) => Connection.open(new SSEClientTransport(server.sse, { fetch: wire.fetch }));

describeClient('v2 client over Streamable HTTP by default', { connect: overHttp(undefined), version: '2025-11-25' });
describeClient('v2 client over Streamable HTTP negotiating', { connect: overHttp('auto'), version: modern });
describeClient('v2 client over Streamable HTTP pinned', { connect: overHttp({ pin: modern }), version: modern });
describeClient('v2 client over HTTP+SSE', { connect: overSse, version: '2025-11-25' });
