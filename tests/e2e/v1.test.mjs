// The first generation of the official TypeScript client: @modelcontextprotocol/sdk 1.x.

import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitRequestSchema,
  EmptyResultSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describeClient } from './lib/behaviours.mjs';
import { eventually } from './lib/raw.mjs';

class Connection {
  received = [];
  #elicit = () => ({ action: 'cancel' });

  static async open(transport) {
    const connection = new Connection();
    await connection.#connect(transport);
    return connection;
  }

  async #connect(transport) {
    this.transport = transport;
    transport.onmessage = (message) => this.received.push(message);
    this.client = new Client({ name: 'hydrant-e2e', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    this.client.setRequestHandler(ElicitRequestSchema, ({ params }) => this.#elicit(params));
    // A transport left open would try again for ever, and keep the test process alive.
    await this.client.connect(transport).catch((error) => transport.close().then(() => Promise.reject(error)));
    this.version = this.received[0].result.protocolVersion;
  }

  listTools = async () => (await this.client.listTools()).tools;
  listResources = async () => (await this.client.listResources()).resources;
  listTemplates = async () => (await this.client.listResourceTemplates()).resourceTemplates;
  listPrompts = async () => (await this.client.listPrompts()).prompts;
  call = (name, args, options) => this.client.callTool({ name, arguments: args }, undefined, options);
  read = async (uri) => (await this.client.readResource({ uri })).contents[0];
  complete = async (params) => (await this.client.complete(params)).completion;
  getPrompt = (params) => this.client.getPrompt(params);
  setLevel = (level) => this.client.setLoggingLevel(level);
  request = (method, params) => this.client.request({ method, params }, EmptyResultSchema);

  onElicit(handler) {
    this.#elicit = handler;
  }

  async watch(uri, handler) {
    this.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => handler(params.uri));
    await this.client.subscribeResource({ uri });
    return () => this.client.unsubscribeResource({ uri });
  }

  close() {
    return this.client.close();
  }
}

async function overHttp(server, wire) {
  const transport = new StreamableHTTPClientTransport(server.mcp, { fetch: wire.fetch });
  const connection = await Connection.open(transport);
  // Updates of resources come on the stream that the client opens by itself after the handshake.
  await eventually(() => wire.openedStreams === 1, 'the stream for notifications');
  connection.close = async () => {
    assert.ok(transport.sessionId, 'the server issued a session');
    const headers = { 'mcp-session-id': transport.sessionId, accept: 'text/event-stream' };
    await transport.terminateSession();
    await connection.client.close();
    const late = await fetch(server.mcp, { headers });
    assert.equal(late.status, 404, 'a terminated session is gone');
  };
  return connection;
}

const overSse = (server, wire) => Connection.open(new SSEClientTransport(server.sse, { fetch: wire.fetch }));

describeClient('v1 client over Streamable HTTP', { connect: overHttp, version: '2025-11-25' });
describeClient('v1 client over HTTP+SSE', { connect: overSse, version: '2025-11-25' });
