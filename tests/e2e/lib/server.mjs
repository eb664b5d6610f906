// The server under test: one that is started and stopped here, or what runs at HYDRANT_URL already.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const logLinesKept = 400;
const startDeadlineMs = 10_000;
const stopDeadlineMs = 30_000; // more than the server allows itself to drain

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Where a server runs already, if one does: any number of nodes that serve the demo tools. */
export const runningAt = process.env.HYDRANT_URL || undefined;

/**
 * Starts the binary named by HYDRANT_BINARY on a free loopback port and waits until /health answers.
 * `args` are further arguments of `hydrant serve`. With HYDRANT_URL it starts nothing and gives what runs there.
 */
export async function startServer({ providers = 'demo', args = [] } = {}) {
  if (runningAt) return new RunningServer(runningAt);
  const binary = process.env.HYDRANT_BINARY;
  if (!binary) throw new Error('HYDRANT_BINARY names no server: use the run script beside the tests');
  const server = new Server(binary, await freePort(), providers, args);
  await server.becomeHealthy();
  return server;
}

/** Runs `body` with a server of its own; fails if either the body fails or the server's end does, and tells both. */
export async function withServer(options, body) {
  const server = await startServer(options);
  const failures = [];
  const note = (error) => failures.push(error);
  await Promise.resolve(body(server)).catch(note);
  await server.stop().catch(note);
  if (failures.length === 2) failures[0].message += `\nand then ${failures[1].message}`;
  if (failures.length > 0) throw failures[0];
}

class RunningServer {
  constructor(base) {
    this.base = base;
    this.mcp = new URL('/mcp', base);
    this.sse = new URL('/sse', base);
  }

  log() {
    return '(whoever started it has it)';
  }

  async health() {
    const response = await fetch(new URL('/health', this.base), { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, body: await response.json() };
  }

  async stop() {}
}

class Server extends RunningServer {
  #child;
  #exit;
  #log = [];

  constructor(binary, port, providers, args) {
    super(`http://127.0.0.1:${port}`);
    this.#child = spawn(binary, ['serve', '--port', String(port), '--providers', providers, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exit = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve({ code: null, signal: null, error }));
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.exited = this.#exit.then((how) => (this.how = how));
    for (const pipe of [this.#child.stdout, this.#child.stderr]) this.#keep(pipe.setEncoding('utf8'));
  }

  #keep(pipe) {
    pipe.on('data', (text) => {
      this.#log.push(...text.split('\n').filter(Boolean));
      if (this.#log.length > 2 * logLinesKept) this.#log.splice(0, this.#log.length - logLinesKept);
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** The last lines that the server wrote. */
  log(lines = 40) {
    return this.#log.slice(-lines).join('\n');
  }

  async becomeHealthy() {
    const deadline = Date.now() + startDeadlineMs;
    while (Date.now() < deadline && !this.how) {
      const health = await this.health().catch(() => undefined);
      if (health?.status === 200) return;
      await sleep(50);
    }
    const end = this.how ? `it ended with ${JSON.stringify(this.how)}: ${this.how.error ?? ''}` : 'it still runs';
    if (!this.how) this.#child.kill('SIGKILL');
    throw new Error(`the server did not become healthy; ${end}; its log:\n${this.log()}`);
  }

  /** Asks the server to end and fails unless it ends in order and in time. */
  async stop() {
    if (this.how) throw new Error(`ended on its own: ${JSON.stringify(this.how)}; the server's log:\n${this.log()}`);
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopDeadlineMs);
    const { code, signal } = await this.#exit;
    clearTimeout(timer);
    if (code !== 0) throw new Error(`after SIGTERM: exit code ${code}, signal ${signal}; its log:\n${this.log()}`);
  }
}
