#!/usr/bin/env node
// Long-running checks: see `run` beside it for the arguments.

import { parseArgs } from 'node:util';
import { churn } from './churn.mjs';
import { mixed } from './mixed.mjs';

const options = {
  sessions: { type: 'string' },
  warmup: { type: 'string' },
  minutes: { type: 'string' },
  seed: { type: 'string' },
};

const programs = { churn, mixed };

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const program = programs[positionals[0]];
  const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  if (!program || positionals.length > 1 || Object.values(numbers).some((number) => !(number >= 0))) {
    console.error('usage: soak.mjs churn [--sessions N] [--warmup N] | mixed [--minutes N] [--seed N]');
    return 2;
  }
  await program(numbers);
  console.log(`soak: ${positionals[0]} passed`);
  return 0;
}

process.exitCode = await main().catch((error) => {
  console.error(`soak: FAILED: ${error.stack ?? error}`);
  return 1;
});
