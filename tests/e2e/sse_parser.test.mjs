// The reader of event streams that the other tests rely on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SseParser } from './lib/sse.mjs';

const text = ': a comment\nretry: 50\nid: 7\ndata:\n\nevent: endpoint\r\ndata: one\r\ndata:two\r\n\r\ndata: last\n\n';
const events = [
  { id: '7', event: 'message', retry: '50', data: '' },
  { id: undefined, event: 'endpoint', retry: undefined, data: 'one\ntwo' },
  { id: undefined, event: 'message', retry: undefined, data: 'last' },
];

test('events are read whole', () => {
  assert.deepEqual(new SseParser().feed(text), events);
});

test('events are the same wherever the text is split', () => {
  for (let at = 0; at <= text.length; at++) {
    const parser = new SseParser();
    assert.deepEqual([...parser.feed(text.slice(0, at)), ...parser.feed(text.slice(at))], events, `split at ${at}`);
  }
});

test('an event that was cut short is none', () => {
  assert.deepEqual(new SseParser().feed('id: 1\ndata: {"half":'), []);
});
