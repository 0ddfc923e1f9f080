// `run: workflow` from a served run: with its result, or on its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, sleep, until } from './lib/gateway.mjs';

let gateway;
before(async () => { gateway = await Gateway.start({ args: ['--attempts-max', '20'] }); });
after(() => gateway.clear());

const post = async (url, body) => (await curl(url, { body: JSON.stringify(body) })).json();
const result = async (id) => (await curl(`${gateway.url}/v1/runs/${id}/result?wait=20`)).json();
const run = (name, more = '', input = '{ n: \'${ .n }\' }') =>
  `  - inner: { run: { workflow: { namespace: test, name: ${name}, version: '1.0.0', input: ${input} }${more} } }`;

test('its output is the task\'s; its error is the task\'s error', async () => {
  await gateway.workflow('double', `
  - pause: { wait: { milliseconds: 50 } }
  - odd: { if: '\${ .n < 0 }', raise: { error: { type: 'https://x/errors/runtime', status: 422, title: negative } } }
  - answer: { set: { twice: '\${ .n * 2 }' } }`);
  const { url } = await gateway.flow('outer', `${run('double')}\n  - more: { set: { sum: '\${ .twice + 1 }' } }`, '--reply');
  const answer = await curl(url, { body: '{"n":21}', headers: { prefer: 'wait=20' } });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json(), { sum: 43 });
  const { url: caught } = await gateway.flow('catches', `
  - safely:
      try:
      ${run('double').replaceAll('\n', '\n      ').trimStart().replace(/^/, '  ')}
      catch: { as: error, do: [ { told: { set: { status: '\${ $error.status }' } } } ] }`);
  assert.deepEqual(await result((await post(caught, { n: -1 })).id), { status: 422 });
});

test('with await: false the run goes on at once, and the other one still gets to its end', async () => {
  await gateway.flow('listens', `
  - wait: { listen: { to: { one: { with: { type: side.done } } } } }
  - answer: { set: '\${ {heard: .[0].n} }' }`);
  const listener = await post(JSON.parse(await gateway.ok('trigger', 'show', 'listens', '--json')).url, {});
  await until('it listens', async () => (await gateway.run(listener.id)).json().status === 'waiting');
  await gateway.workflow('aside', `
  - pause: { wait: { milliseconds: 700 } }
  - tell: { emit: { event: { with: { type: side.done, source: /test, data: { n: '\${ .n }' } } } } }`);
  const { url } = await gateway.flow('apart', `${run('aside', ', await: false')}
  - early: { set: { went: on }, metadata: { penstock: { reply: true } } }`, '--reply');
  const began = Date.now();
  const answer = await curl(url, { body: '{"n":5}', headers: { prefer: 'wait=20' } });
  assert.deepEqual(answer.json(), { went: 'on' });
  assert.ok(Date.now() - began < 700 * Number(process.env.E2E_PATIENCE ?? 1), 'it did not wait for the other one');
  assert.deepEqual(await result(listener.id), { heard: 5 });
});

test('one that is run apart goes on behind a kill -9', async () => {
  await gateway.workflow('slow-aside', `
  - first: { wait: { milliseconds: 300 } }
  - second: { wait: { milliseconds: 1200 } }
  - tell: { emit: { event: { with: { type: slow.done, source: /test, data: { n: '\${ .n }' } } } } }`);
  const listener = await post((await gateway.flow('slow-listens', `
  - wait: { listen: { to: { one: { with: { type: slow.done } } } } }`)).url, {});
  await until('it listens', async () => (await gateway.run(listener.id)).json().status === 'waiting');
  const { url } = await gateway.flow('slow-apart', run('slow-aside', ', await: false'));
  const { id } = await post(url, { n: 9 });
  await sleep(800);
  await gateway.crash();
  assert.deepEqual(await result(listener.id), [{ n: 9 }]);
  assert.equal((await gateway.ended_run(id)).status, 'succeeded');
});

test('a workflow that is not there is the task\'s error', async () => {
  const { url } = await gateway.flow('lost', run('nobody'));
  const { id } = await post(url, { n: 1 });
  const end = await gateway.ended_run(id);
  assert.equal(end.status, 'failed');
});
