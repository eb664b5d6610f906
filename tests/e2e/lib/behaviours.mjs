// What every official client must be able to do with the demo provider, whatever its generation,
// transport and protocol version. The clients differ in their interface only: each test file wraps
// its client into a Connection with these members.
//
//   listTools() listResources() listTemplates() listPrompts()      arrays
//   call(name, args, {onprogress, signal})                         result of the tool
//   read(uri) complete(params) getPrompt(params)
//   onElicit(handler)       handler(params) answers one elicitation
//   watch(uri, handler)     handler(uri) on each update; returns a function that ends it
//   setLevel(level)         only where the era has it
//   received                every message that arrived, in its order
//   version                 the negotiated protocol version
//   close()                 ends the connection in order; asserts what its transport promises

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { countTo, eventually, textOf } from './raw.mjs';
import { startServer } from './server.mjs';
import { Wire } from './wire.mjs';

const timeout = 20_000;
const quietMs = 250;
const counter = 'demo://counter';
const demoTools = ['confirm', 'countdown', 'current_time', 'echo', 'increment'];

/** Runs every behaviour with connections made by `connect(server, wire)`. */
export function describeClient(name, { connect, version }) {
  describe(name, { timeout: 120_000 }, () => {
    let server;
    before(async () => {
      server = await startServer();
    });
    after(() => server?.stop());

    const behaviour = (what, body) =>
      test(what, { timeout }, async () => {
        const wire = new Wire();
        let connection;
        try {
          connection = await connect(server, wire);
          await body(connection);
          await connection.close();
        } catch (error) {
          await connection?.client.close().catch(() => {});
          throw withEvidence(error, wire, server);
        }
      });

    behaviour('negotiates the expected protocol version', (connection) => assert.equal(connection.version, version));
    defineToolBehaviours(behaviour);
    defineResourceBehaviours(behaviour);
    defineInteractiveBehaviours(behaviour);
  });
}

function withEvidence(error, wire, server) {
  error.message += `\n--- the wire ---\n${wire}\n--- the server's log ---\n${server.log(10)}\n---`;
  return error;
}

function defineToolBehaviours(behaviour) {
  behaviour('lists the demo tools, each with a description and an object schema', async (connection) => {
    const tools = await connection.listTools();
    const names = tools.map((tool) => tool.name);
    for (const name of demoTools) assert.ok(names.includes(name), `${name} is among ${names}`);
    for (const tool of tools) {
      assert.ok(tool.description, `${tool.name} has a description`);
      assert.equal(tool.inputSchema.type, 'object');
    }
  });

  behaviour('echoes text byte for byte', async (connection) => {
    for (const message of ['hello', '', 'Grüße, 世界 🚰 \u0000 \u2028 "\\"\n', 'x'.repeat(100_000)]) {
      assert.equal(textOf(await connection.call('echo', { message })), message);
    }
  });

  behaviour('answers parallel calls, each with its own result', async (connection) => {
    const texts = countTo(20).map((number) => `call ${number}`);
    const results = await Promise.all(texts.map((message) => connection.call('echo', { message })));
    assert.deepEqual(results.map(textOf), texts);
  });

  behaviour('tells the time of a zone', async (connection) => {
    assert.match(textOf(await connection.call('current_time', { timezone: 'Asia/Tokyo' })), /\d\d:\d\d/);
  });

  behaviour('delivers progress 1 to 5 in order, then the result', async (connection) => {
    const seen = [];
    const onprogress = ({ progress, total }) => seen.push([progress, total]);
    const result = await connection.call('countdown', { from: 5, interval_ms: 10 }, { onprogress });
    assert.equal(textOf(result), 'liftoff');
    const arrived = connection.received.filter(isProgressOrLiftoff);
    const progress = arrived.slice(0, -1).map(({ params }) => [params.progress, params.total]);
    assert.deepEqual(progress, countTo(5).map((value) => [value, 5]));
    assert.equal(textOf(arrived.at(-1).result), 'liftoff');
    // The v1 client forgets the callback with the result, so progress in the same packet as that gets lost in it.
    assert.ok(seen.length > 0, 'some callbacks');
    assert.deepEqual(seen, progress.slice(0, seen.length));
  });

  behaviour('stops a running tool that the client cancels', async (connection) => {
    const abort = new AbortController();
    const onprogress = ({ progress }) => progress >= 3 && abort.abort(new Error('enough'));
    const call = connection.call('countdown', { from: 1000, interval_ms: 20 }, { onprogress, signal: abort.signal });
    await assert.rejects(call, /enough/);
    await becomesQuiet(connection);
    assert.equal(textOf(await connection.call('echo', { message: 'still here' })), 'still here');
    const answers = connection.received.filter((message) => textOf(message.result ?? {}) === 'liftoff');
    assert.deepEqual(answers, []);
  });
}

const isProgressOrLiftoff = (message) =>
  message.method === 'notifications/progress' || textOf(message.result ?? {}) === 'liftoff';

/** Waits until nothing more arrives; the countdown itself would keep talking for 20 s. */
async function becomesQuiet(connection) {
  let before;
  await eventually(
    async () => {
      before = connection.received.length;
      await sleep(quietMs);
      return connection.received.length === before;
    },
    'silence after the cancellation',
    5_000,
  );
}

function defineResourceBehaviours(behaviour) {
  behaviour('lists and reads the counter and the template', async (connection) => {
    const uris = (await connection.listResources()).map((resource) => resource.uri);
    assert.ok(uris.includes(counter), `${counter} is among ${uris}`);
    const templates = (await connection.listTemplates()).map((template) => template.uriTemplate);
    assert.ok(templates.includes('demo://time/{zone}'), `the template is among ${templates}`);

    assert.match((await connection.read(counter)).text, /^\d+$/);
    const time = await connection.read('demo://time/Europe/Berlin');
    assert.equal(time.uri, 'demo://time/Europe/Berlin');
    assert.match(time.text, /\d\d:\d\d/);
  });

  behaviour('rejects an unknown resource', async (connection) => {
    await assert.rejects(connection.read('demo://no-such-thing'), (error) => [-32002, -32602].includes(error.code));
  });

  behaviour('completes time zones for the template argument', async (connection) => {
    const { values } = await connection.complete({
      ref: { type: 'ref/resource', uri: 'demo://time/{zone}' },
      argument: { name: 'zone', value: 'Europe/Be' },
    });
    assert.ok(values.includes('Europe/Berlin'), `Europe/Berlin is among ${values}`);
    for (const value of values) assert.match(value, /^europe\/be/i);
  });

  behaviour('gets every listed prompt', async (connection) => {
    const prompts = await connection.listPrompts();
    assert.ok(prompts.length > 0, 'there is a prompt');
    for (const { name, arguments: wanted = [] } of prompts) {
      const args = Object.fromEntries(wanted.map((argument) => [argument.name, 'Europe/Berlin']));
      const { messages } = await connection.getPrompt({ name, arguments: args });
      assert.ok(messages.some(({ content }) => content.text), `${name} has a text message`);
    }
  });
}

function defineInteractiveBehaviours(behaviour) {
  behaviour('asks the user and returns the answer', async (connection) => {
    const answers = [];
    for (const confirmed of [true, false]) {
      const asked = [];
      connection.onElicit((params) => {
        asked.push(params);
        return { action: 'accept', content: { [firstBoolean(params.requestedSchema)]: confirmed } };
      });
      answers.push(textOf(await connection.call('confirm', { question: 'Open the valve?' })));
      assert.equal(asked.length, 1, 'asked once');
      assert.match(asked[0].message, /Open the valve\?/);
    }
    assert.ok(answers[0] && answers[1], `answers: ${JSON.stringify(answers)}`);
    assert.notEqual(answers[0], answers[1]);
  });

  behaviour('survives a user who declines', async (connection) => {
    connection.onElicit(() => ({ action: 'decline' }));
    const result = await connection.call('confirm', { question: 'Open the valve?' });
    assert.ok(textOf(result), JSON.stringify(result));
  });

  behaviour('reports each change of a watched resource, until unwatched', async (connection) => {
    const updates = [];
    const unwatch = await connection.watch(counter, (uri) => updates.push(uri));

    await connection.call('increment', { by: 2 });
    await eventually(() => updates.length >= 1, 'the first update');
    await connection.call('increment', {});
    await eventually(() => updates.length >= 2, 'the second update');

    await unwatch();
    await connection.call('increment', {});
    await sleep(quietMs);
    assert.deepEqual(updates, [counter, counter]);
  });

  behaviour('reads what it added to the counter', async (connection) => {
    const start = Number((await connection.read(counter)).text);
    await connection.call('increment', { by: 2 });
    assert.equal(Number((await connection.read(counter)).text), start + 2);
  });

  behaviour('sets the log level where the era has one', async (connection) => {
    if (!connection.setLevel) return;
    const { _meta, ...result } = await connection.setLevel('debug');
    assert.deepEqual(result, {});
    await assert.rejects(connection.request('logging/setLevel', { level: 'chatty' }), { code: -32602 });
  });
}

function firstBoolean(schema) {
  const found = Object.entries(schema.properties).find(([, property]) => property.type === 'boolean');
  assert.ok(found, `a boolean among ${JSON.stringify(schema)}`);
  return found[0];
}
