// How much memory a process has resident, and how that moves.

import { readFileSync } from 'node:fs';

export const mebibyte = 1024 * 1024;

/** Resident bytes of a process, from the kernel. */
export function residentBytes(pid) {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!line) throw new Error(`process ${pid} has no VmRSS: it has ended`);
  return Number(line[1]) * 1024;
}

export const inMebibytes = (bytes) => `${(bytes / mebibyte).toFixed(1)} MB`;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Growth from the start to the end of the second half of some samples, as a share: 0.1 is 10 %. */
export function growthInSecondHalf(samples) {
  const half = samples.slice(Math.floor(samples.length / 2));
  const edge = Math.max(1, Math.floor(half.length / 5));
  return median(half.slice(-edge)) / median(half.slice(0, edge)) - 1;
}
