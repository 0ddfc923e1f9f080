// From what comes to what runs: samples, fields, mappings, filters, schemas, tests, replays.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, echo, until } from './lib/gateway.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start();
  await gateway.workflow('echo', echo);
});
after(() => gateway.clear());

const post = (url, value, options = {}) => curl(url, { body: JSON.stringify(value), ...options });
const json = async (...args) => JSON.parse(await gateway.ok(...args, '--json'));
const make = (name, ...flags) => gateway.trigger(name, '--workflow', 'echo', ...flags);

test('a trigger without a workflow collects samples, and their fields are listed', async () => {
  const { url, active, workflow } = await gateway.trigger('collects', '--inactive');
  assert.equal(active, false);
  assert.equal(workflow, '');
  for (let i = 0; i < 3; i++) {
    const ack = await post(url, { id: i, items: [{ price: 1.5 }], ...(i ? { note: 'n' } : {}) });
    assert.equal(ack.json().status, 'captured');
  }
  const { samples, fields } = (await gateway.api('/v1/triggers/collects/samples')).json();
  assert.deepEqual(samples.map((s) => s.body.id), [2, 1, 0]);
  const field = Object.fromEntries(fields.map((f) => [f.path, f]));
  assert.deepEqual([field['.items[].price'].type, field['.items[].price'].example, field['.items[].price'].count], ['number', 1.5, 3]);
  assert.deepEqual([field['.note'].count, field['.note'].of], [2, 3]);
  const refused = await gateway.cli('trigger', 'activate', 'collects');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /workflow/);
  assert.match(await gateway.ok('trigger', 'show', 'collects'), /\.items\[\]\.price/);
});

test('the last samples are shown, as many as the trigger says', async () => {
  const { url } = await gateway.trigger('few', '--inactive', '--samples-max', '2');
  for (let i = 0; i < 4; i++) await post(url, { i });
  const { samples } = (await gateway.api('/v1/triggers/few/samples')).json();
  assert.deepEqual(samples.map((s) => s.body.i), [3, 2]);
});

test('mapped variables are what the workflow gets', async () => {
  const { url } = await make('maps', '--reply', '--set', 'customer=.data.email', '--set', 'n=.n');
  const reply = await curl(url, { body: '{"data":{"email":"a@b.c"},"n":12345678901234567890.10}' });
  assert.equal(reply.text, '{"customer":"a@b.c","n":12345678901234567890.10}');
});

test('a mapping is judged by the samples; a dry run keeps nothing', async () => {
  const { url } = await gateway.trigger('judged', '--inactive');
  await post(url, { a: 1 });
  await post(url, { b: 2 });
  const tried = await json('trigger', 'map', 'judged', '--set', 'a=.a', '--require', 'a', '--dry-run');
  assert.equal(tried.saved, false);
  assert.equal(tried.variables[0].present, 1);
  assert.match(tried.variables[0].values[0].error, /missing/);
  assert.equal(tried.variables[0].values[1].value, 1);
  assert.equal((await json('trigger', 'map', 'judged')).variables.length, 0);
  const kept = await json('trigger', 'map', 'judged', '--set', 'a=.a', '--default', 'a=7');
  assert.equal(kept.saved, true);
  assert.deepEqual(kept.variables[0].values.map((v) => v.value), [7, 1]);
  await gateway.ok('trigger', 'map', 'judged', '--set', 'b=.b', '--unset', 'a');
  assert.deepEqual((await json('trigger', 'map', 'judged')).variables.map((v) => v.name), ['b']);
});

test('a wrong expression is refused with its place, wherever it is written', async () => {
  await make('wrong');
  for (const args of [['map', 'wrong', '--set', 'a=.a |'], ['set', 'wrong', '--filter', '.a |'], ['create', 'wrong2', '--workflow', 'echo', '--filter', '.a |']]) {
    const done = await gateway.cli('trigger', ...args);
    assert.equal(done.code, 1, args.join(' '));
    assert.match(done.stderr, /line 1/);
  }
  const refused = await gateway.api('/v1/triggers/wrong/mapping', { method: 'PUT', body: '{"variables":{"a":".a["}}' });
  assert.equal(refused.status, 422);
  assert.equal(refused.json().errors[0].variable, 'a');
  assert.equal((await gateway.api('/v1/triggers/wrong/mapping', { method: 'PUT', body: '{"variabels":{}}' })).status, 422);
});

test('an event that breaks a required mapping is a visible failure', async () => {
  const { url } = await make('breaks', '--reply', '--set', 'customer=.data.email');
  await gateway.ok('trigger', 'map', 'breaks', '--require', 'customer');
  const reply = await post(url, { data: {} });
  assert.ok(reply.status >= 400, reply.text);
  const problem = reply.json();
  assert.equal(problem.code, 'workflow_failed');
  assert.match(problem.error.type, /validation/);
  assert.match(problem.error.detail, /customer/);
  assert.equal((await gateway.run(problem.id)).json().status, 'failed');
});

test('a filtered event is kept, counted, findable and starts nothing', async () => {
  const { url } = await make('filters', '--reply', '--filter', '.type == "paid"');
  const before = await gateway.stats();
  const ack = await post(url, { type: 'new' });
  assert.equal(ack.status, 202);
  assert.equal(ack.json().status, 'filtered');
  assert.equal((await post(url, { type: 'paid' })).status, 200);
  const stats = await gateway.stats();
  assert.equal(stats.filtered, before.filtered + 1);
  assert.equal(stats.captured, before.captured + 1);
  const listed = await json('event', 'list', '--trigger', 'filters', '--status', 'filtered');
  assert.deepEqual(listed.events.map((e) => [e.id, e.filtered]), [[ack.json().id, true]]);
  assert.equal((await gateway.run(ack.json().id)).json().filtered, true);
});

test('a body that breaks the schema is 422 with the places, and nothing is kept', async () => {
  const schema = { required: ['id'], properties: { n: { type: 'integer', minimum: 5 } } };
  const { url } = await make('schema', '--schema', JSON.stringify(schema));
  const before = await gateway.stats();
  const refused = await post(url, { n: 3 });
  assert.equal(refused.status, 422);
  const problem = refused.json();
  assert.equal(problem.code, 'unprocessable');
  assert.equal(problem.retryable, false);
  assert.deepEqual(problem.errors.map((e) => [e.pointer, e.schema_pointer]), [['', '/required'], ['/n', '/properties/n/minimum']]);
  assert.equal((await gateway.stats()).accepted, before.accepted);
  const { rejected } = (await gateway.api('/v1/triggers/schema/rejected')).json();
  assert.equal(rejected[0].code, 'unprocessable');
  assert.equal((await post(url, { id: 1, n: 5 })).status, 202);
});

test('expressions see headers and path', async () => {
  const { url } = await make('facts', '--reply', '--set', 'kind=$event.headers["x-github-event"]', '--set', 'path=$event.path');
  assert.equal((await post(`${url}/push`, {}, { headers: { 'x-github-event': 'push' } })).text, '{"kind":"push","path":"/push"}');
});

test('a draft is tried on a sample before anything is active', async () => {
  const { url } = await gateway.trigger('drafted', '--inactive', '--set', 'who=.name');
  await post(url, { name: 'Ada' });
  const file = path.join(gateway.folder, 'draft.yaml');
  fs.writeFileSync(file, "document: { dsl: '1.0.3', namespace: t, name: drafty, version: '1.0.0' }\ndo:\n  - hello: { set: { hello: '${ .who }' } }\n");
  const shown = await json('trigger', 'test', 'drafted', '--file', file);
  assert.equal(shown.status, 'succeeded');
  assert.equal(shown.kind, 'test');
  assert.deepEqual(shown.variables, { who: 'Ada' });
  assert.equal(shown.tasks[0].reference, '/do/0/hello');
  assert.equal(await gateway.ok('run', 'result', shown.id), '{"hello":"Ada"}');
  assert.equal((await gateway.cli('workflow', 'show', 'drafty')).code, 1);
  const own = await json('trigger', 'test', 'drafted', '--workflow', 'echo', '--body', '{"name":"Bob"}');
  assert.equal(await gateway.ok('run', 'result', own.id), '{"who":"Bob"}');
  const none = await gateway.cli('trigger', 'test', 'drafted');
  assert.equal(none.code, 1);
  assert.match(none.stderr, /workflow/);
  fs.writeFileSync(file, "document: { dsl: '1.0.3' }\n");
  assert.equal((await gateway.cli('trigger', 'test', 'drafted', '--file', file)).code, 1);
});

test('a replay maps anew', async () => {
  const { url } = await make('remap', '--set', 'a=.x');
  const { id } = (await post(url, { x: 1, y: 2 })).json();
  await gateway.ended_run(id);
  await gateway.ok('trigger', 'map', 'remap', '--set', 'a=.y');
  const replay = await json('event', 'replay', id);
  await gateway.ended_run(replay.id);
  assert.equal(await gateway.ok('run', 'result', replay.id), '{"a":2}');
});

test('a bulk replay counts first, then runs all in order, and its copies are not part of it', async () => {
  const { url } = await make('bulk');
  for (let i = 0; i < 40; i++) await post(url, { i });
  const filter = ['--filter', 'trigger=bulk,since=1h'];
  assert.equal((await json('event', 'replay', ...filter, '--dry-run')).count, 40);
  const job = await json('event', 'replay', ...filter, '--rate', '1000');
  assert.deepEqual([job.status, job.replayed, job.failed, job.left], ['done', 40, 0, 0]);
  const { events } = await json('event', 'list', '--trigger', 'bulk', '--limit', '100');
  assert.equal(events.length, 80);
  const replays = events.filter((e) => e.replay_of).reverse();
  assert.deepEqual(replays.map((e) => e.replay_of), events.filter((e) => !e.replay_of).map((e) => e.id).reverse());
  assert.equal((await gateway.api('/v1/replays', { method: 'POST', body: '{"filter":{}}' })).status, 422);
});

test('a bulk replay goes on where it stood when the gateway was killed, and doubles nothing', async () => {
  const { url } = await make('resumes');
  for (let i = 0; i < 60; i++) await post(url, { i });
  const begun = JSON.parse(await gateway.ok('event', 'replay', '--filter', 'trigger=resumes', '--rate', '40', '--no-wait', '--json'));
  const look = async () => (await gateway.api(`/v1/replays/${begun.id}`)).json();
  await until('some are replayed', async () => (await look()).replayed > 0);
  await gateway.crash();
  const end = await until('it is done', async () => (await look()).status === 'done' && look());
  assert.deepEqual([end.count, end.replayed], [60, 60]);
  const { events } = await json('event', 'list', '--trigger', 'resumes', '--limit', '500');
  const origins = events.filter((e) => e.replay_of).map((e) => e.replay_of);
  assert.deepEqual([origins.length, new Set(origins).size], [60, 60]);
});

test('an executor that is killed while it looks at events costs none of them', async () => {
  const { url } = await make('lost', '--set', 'x=.x');
  const [executor] = (await gateway.api('/v1/executors')).json().executors;
  const answers = Promise.all(Array.from({ length: 20 }, (_, i) => post(url, { x: i })));
  process.kill(executor.pid, 'SIGKILL');
  for (const answer of await answers) assert.ok([202, 503].includes(answer.status), answer.text);
  await until('another one is there', async () => (await post(url, { x: 1 })).status === 202);
});
