#!/usr/bin/env node
// Scores the results of the MCP conformance suite strictly.
//
//   score.mjs <results>          <results>/<revision>/server-<scenario>-<time>/checks.json
//
// The suite credits a dead server with dozens of passed checks and lets warnings pass, so neither
// its exit code nor its totals prove anything. Here a scenario counts only with at least one SUCCESS
// that is about behaviour (`wire-schema-valid` holds for a server that says nothing), without any
// FAILURE and without any WARNING. Exits with 1 if an expected scenario falls short or is missing,
// with 2 if it is called wrongly.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expected } from './expected.mjs';

const resultFolder = /^server-(?<scenario>.+)-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z$/;
const checkOfTheWireOnly = 'wire-schema-valid';

/** The verdict on one scenario's checks: {success, failure, warning, skipped, passed, reasons}. */
export function judge(checks) {
  const having = (status) => checks.filter((check) => check.status === status);
  const success = having('SUCCESS');
  const failure = having('FAILURE');
  const warning = having('WARNING');
  const aboutBehaviour = success.some((check) => check.id !== checkOfTheWireOnly);
  return {
    success: success.length,
    failure: failure.length,
    warning: warning.length,
    skipped: having('SKIPPED').length,
    passed: aboutBehaviour && failure.length === 0 && warning.length === 0,
    reasons: [...failure, ...warning].map(reasonOf).concat(aboutBehaviour ? [] : ['no check of behaviour succeeded']),
  };
}

function reasonOf(check) {
  const text = check.errorMessage ?? check.details?.violations?.[0]?.errors?.[0] ?? check.description ?? '';
  return `${check.status} ${check.id}: ${String(text).replaceAll(/\s+/g, ' ').slice(0, 300)}`;
}

/** Reads one revision's results: a Map from scenario to verdict. */
export function readResults(folder) {
  const verdicts = new Map();
  if (!existsSync(folder)) return verdicts;
  for (const name of readdirSync(folder).sort()) {
    const scenario = resultFolder.exec(name)?.groups.scenario;
    if (!scenario) continue;
    verdicts.set(scenario, judge(readChecks(join(folder, name, 'checks.json'))));
  }
  return verdicts;
}

function readChecks(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return [{ id: 'checks.json', status: 'FAILURE', errorMessage: `unreadable: ${error.message}` }];
  }
}

/** One row per expected or reported scenario: {scenario, kind, verdict, text}. */
export function scoreRevision(verdicts, { required, beyond }) {
  const known = new Set([...required, ...beyond]);
  const others = [...verdicts.keys()].filter((scenario) => !known.has(scenario));
  const rows = (scenarios, kind) =>
    scenarios.map((scenario) => ({ scenario, kind, verdict: verdicts.get(scenario) ?? notRun }));
  return [...rows(required, 'required'), ...rows(beyond, 'beyond'), ...rows(others, 'reported')];
}

const notRun = { success: 0, failure: 0, warning: 0, skipped: 0, passed: false, reasons: ['did not run'] };

/** {passed, total} of the rows of one kind. */
export function tally(rows, kind) {
  const some = rows.filter((row) => row.kind === kind);
  return { passed: some.filter((row) => row.verdict.passed).length, total: some.length };
}

function describe({ success, failure, warning, skipped }) {
  const extras = [warning ? `+${warning} warn` : '', skipped ? `+${skipped} skip` : ''].filter(Boolean);
  return [`${success}/${success + failure}`, ...extras].join(' ');
}

function printRevision(revision, rows) {
  console.log(`\n${revision}`);
  for (const { scenario, kind, verdict } of rows) {
    const mark = verdict.passed ? 'ok  ' : 'FAIL';
    console.log(`  ${mark} ${kind.padEnd(8)} ${scenario.padEnd(46)} ${describe(verdict)}`);
    if (!verdict.passed) verdict.reasons.slice(0, 5).forEach((reason) => console.log(`         ${reason}`));
  }
}

function main(results) {
  if (!results || !existsSync(results)) {
    console.error('usage: score.mjs <folder with one folder of results per revision>');
    return 2;
  }
  const parts = [];
  let reached = true;
  for (const [revision, wanted] of Object.entries(expected)) {
    const rows = scoreRevision(readResults(join(results, revision)), wanted);
    printRevision(revision, rows);
    const [required, beyond, reported] = ['required', 'beyond', 'reported'].map((kind) => tally(rows, kind));
    parts.push(
      `${revision} required ${required.passed}/${required.total}, beyond ${beyond.passed}/${beyond.total}, ` +
        `reported ${reported.passed}/${reported.total}`,
    );
    reached &&= required.passed === required.total && beyond.passed === beyond.total;
  }
  console.log(`\nconformance: ${reached ? 'passed' : 'FAILED'}: ${parts.join('; ')}`);
  return reached ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = main(process.argv[2]);
}
