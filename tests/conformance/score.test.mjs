// The scorer is the judge of everything else here, so it is tested itself.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { expected } from './expected.mjs';
import { judge, readResults, scoreRevision, tally } from './score.mjs';

const check = (status, id = 'behaviour') => ({ id, status });
const wire = (status) => check(status, 'wire-schema-valid');

test('a scenario with successes alone passes', () => {
  assert.equal(judge([check('SUCCESS'), wire('SUCCESS')]).passed, true);
});

test('a silent server passes nothing, however valid its silence', () => {
  assert.equal(judge([wire('SUCCESS')]).passed, false);
  assert.equal(judge([]).passed, false);
});

test('information and skipped checks do not count as success', () => {
  assert.equal(judge([check('INFO'), check('SKIPPED')]).passed, false);
});

test('one failure or one warning fails a scenario', () => {
  assert.equal(judge([check('SUCCESS'), check('FAILURE')]).passed, false);
  assert.equal(judge([check('SUCCESS'), check('WARNING')]).passed, false);
  assert.equal(judge([check('SUCCESS'), wire('FAILURE')]).passed, false);
});

test('an expected scenario that did not run fails', () => {
  const rows = scoreRevision(new Map(), { required: ['ping'], beyond: [] });
  assert.deepEqual(tally(rows, 'required'), { passed: 0, total: 1 });
});

test('an unknown scenario is reported and fails nothing', () => {
  const rows = scoreRevision(new Map([['tasks-lifecycle', judge([check('FAILURE')])]]), { required: [], beyond: [] });
  assert.deepEqual(tally(rows, 'reported'), { passed: 0, total: 1 });
});

test('the expectation has no name twice and the agreed size', () => {
  for (const { required, beyond } of Object.values(expected)) {
    assert.equal(new Set([...required, ...beyond]).size, required.length + beyond.length);
  }
  const sizes = Object.values(expected).map(({ required, beyond }) => [required.length, beyond.length]);
  assert.deepEqual(sizes, [[30, 3], [37, 3]]);
});

test('results are found by scenario, and an unreadable one is a failure', () => {
  const folder = mkdtempSync(join(tmpdir(), 'score-'));
  try {
    for (const [scenario, text] of [['server-initialize', JSON.stringify([check('SUCCESS')])], ['ping', '[{']]) {
      const into = join(folder, `server-${scenario}-2026-01-02T03-04-05-678Z`);
      mkdirSync(into);
      writeFileSync(join(into, 'checks.json'), text);
    }
    const verdicts = readResults(folder);
    assert.deepEqual([...verdicts.keys()].sort(), ['ping', 'server-initialize']);
    assert.equal(verdicts.get('server-initialize').passed, true);
    assert.equal(verdicts.get('ping').passed, false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
