// The echo tool on the official TypeScript SDK v2, for `bench/speed --with-sdk <folder>`.
//
//   node sdk_echo.mjs <folder whose node_modules hold the SDK> <port>

import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, port] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const from = (name) => import(pathToFileURL(require.resolve(name)));

const { McpServer, createMcpHandler } = await from('@modelcontextprotocol/server');
const { toNodeHandler } = await from('@modelcontextprotocol/node');
const { z } = await from('zod');

// The handler makes a server for every request; what can be made once is made here.
const inputSchema = z.object({ message: z.string() });
const echo = async ({ message }) => ({ content: [{ type: 'text', text: message }] });

function echoServer() {
  const server = new McpServer({ name: 'sdk-echo', version: '1.0.0' });
  server.registerTool('echo', { description: 'Sends the message back', inputSchema }, echo);
  return server;
}

createServer(toNodeHandler(createMcpHandler(echoServer))).listen(Number(port), '127.0.0.1');
