// Mixed traffic of both eras for some minutes, with every answer checked and the memory watched.

import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { withServer } from '../e2e/lib/server.mjs';
import { growthInSecondHalf, inMebibytes, residentBytes } from './memory.mjs';
import { ModernClient, modernActions } from './modern_traffic.mjs';
import { randomFrom } from './random.mjs';
import { SessionClient, sessionActions } from './session_traffic.mjs';

const workersPerEra = 8;
// So that memory is at rest long before the second half begins.
const serverArgs = ['--session-ttl', '10s', '--session-passivate-after', '5s', '--stream-finished-grace', '5s'];
const sampleMs = 1_000;
const reportMs = 15_000;
const allowedGrowth = 0.1;
const failuresKept = 10;

export async function mixed({ minutes = 1, seed = Date.now() % 1_000_000 }) {
  await withServer({ args: serverArgs }, async (server) => {
    const run = new Run(server, minutes, seed);
    await run.untilDone();
    run.judge();
  });
}

class Run {
  #samples = [];
  #failures = [];
  #counts = {};

  constructor(server, minutes, seed) {
    this.server = server;
    this.seed = seed;
    this.endsAt = Date.now() + minutes * 60_000;
    console.log(`mixed: ${minutes} min, ${workersPerEra} workers per era, --seed ${seed}`);
  }

  get #over() {
    return Date.now() >= this.endsAt || this.#failures.length >= failuresKept || this.server.how !== undefined;
  }

  async untilDone() {
    const agent = new http.Agent({ keepAlive: true });
    const workers = Array.from({ length: workersPerEra }, (_, number) => [
      this.#work(number * 2, sessionActions, (random) => new SessionClient(this.server.mcp, random, agent)),
      this.#work(number * 2 + 1, modernActions, (random) => new ModernClient(this.server.mcp, random, agent)),
    ]);
    await Promise.all([this.#watchMemory(), ...workers.flat()]).finally(() => agent.destroy());
  }

  async #work(number, actions, makeClient) {
    const random = randomFrom(this.seed + number);
    const client = makeClient(random);
    while (!this.#over) {
      const action = random.pick(actions);
      await action(client).catch((error) => {
        this.#fail(action.name, number, error);
        client.forget?.(); // so that one failure does not show as many
      });
      this.#counts[action.name] = (this.#counts[action.name] ?? 0) + 1;
    }
  }

  #fail(action, worker, error) {
    if (this.#failures.length >= failuresKept) return;
    this.#failures.push(`${action} (worker ${worker}): ${error.stack ?? error}`);
    console.error(`mixed: ${this.#failures.at(-1)}`);
  }

  async #watchMemory() {
    for (let nextReport = Date.now(); !this.#over; await sleep(sampleMs)) {
      this.#samples.push(residentBytes(this.server.pid));
      if (Date.now() < nextReport) continue;
      nextReport += reportMs;
      const done = Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
      console.log(`mixed: ${done} actions, resident ${inMebibytes(this.#samples.at(-1))}`);
    }
  }

  judge() {
    const growth = growthInSecondHalf(this.#samples);
    const counts = Object.entries(this.#counts).map(([name, count]) => `${name} ${count}`);
    console.log(`mixed: ${counts.sort().join(', ')}`);
    console.log(`mixed: memory moved by ${(growth * 100).toFixed(1)} % over the second half`);
    if (this.#failures.length > 0) throw new Error(`${this.#failures.length} wrong answers; --seed ${this.seed}`);
    if (!(growth <= allowedGrowth)) throw new Error('memory grew by more than 10 % over the second half');
  }
}
