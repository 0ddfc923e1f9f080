// Triggers as senders meet them: keys, capture, paths, methods, refusals.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, echo } from './lib/gateway.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start();
  await gateway.workflow('echo', echo);
});
after(() => gateway.clear());

const make = (name, ...flags) => gateway.trigger(name, '--workflow', 'echo', ...flags);

function assertProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  const problem = answer.json();
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  for (const member of ['type', 'title', 'detail']) assert.equal(typeof problem[member], 'string', member);
  assert.equal(typeof problem.retryable, 'boolean');
}

test('a required key is wanted, in each of its three places', async () => {
  const { url, api_key: key } = await make('keyed', '--reply', '--require-key');
  assert.ok(key.length >= 30);
  assertProblem(await curl(url, { body: '{}' }), 401, 'unauthorized');
  assertProblem(await curl(url, { body: '{}', headers: { 'x-api-key': key.slice(0, -1) } }), 401, 'unauthorized');
  for (const headers of [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }, { authorization: key }]) {
    assert.equal((await curl(url, { body: '{"k":1}', headers })).text, '{"k":1}');
  }
});

test('a key that was rotated once is still good, and the older one after two is not', async () => {
  const { url, api_key: first } = await make('rotated', '--reply', '--require-key');
  const rotate = async () => JSON.parse(await gateway.ok('trigger', 'rotate-key', 'rotated', '--json')).api_key;
  const second = await rotate();
  const post = (key) => curl(url, { body: '{}', headers: { 'x-api-key': key } });
  assert.equal((await post(first)).status, 200);
  assert.equal((await post(second)).status, 200);
  const third = await rotate();
  assert.equal((await post(first)).status, 401);
  assert.equal((await post(second)).status, 200);
  assert.equal((await post(third)).status, 200);
});

test('every setting goes back to what it is without being set', async () => {
  const set = { type: 'x', wait: '5s', 'body-bytes-max': '2MiB', 'attempts-max': '3', tolerance: '60', verify: 'stripe', secret: 's', 'jwt-secret': '0123456789abcdef', 'jwt-issuer': 'me',
    'dedup-key': '.id', 'dedup-ttl': '1h', rate: '5', 'rate-burst': '9', concurrency: '2', lane: '.a', priority: '3', delay: '1s', throttle: '7',
    breaker: '4', 'breaker-open': '1s', also: 'echo', 'single-flight': 'body', method: 'PUT', 'keep-header': 'x-a', 'on-hang-up': 'cancel', grace: '1s',
    'result-retention': '1h', 'stream-bytes': '1KiB', 'stream-every': '5ms', set: 'v=.a', filter: '.a', schema: '{}', 'samples-max': '5',
    'allow-address': '10.0.0.0/8', durability: 'memory', basic: 'u=p' };
  const flags = ['reply', 'dedup-off', 'dedup-conflict', 'replay-window', 'any-body', 'batch', 'receipts'];
  await make('bare');
  await make('full', ...Object.entries(set).flatMap(([name, value]) => [`--${name}`, value]), ...flags.map((name) => `--${name}`));
  const show = async (name) => {
    const { name: _, url, token, version, created_at, updated_at, ...rest } = JSON.parse(await gateway.ok('trigger', 'show', name, '--json'));
    return rest;
  };
  assert.notDeepEqual(await show('full'), await show('bare'));
  await gateway.ok('trigger', 'set', 'full', ...[...Object.keys(set), ...flags].flatMap((name) => ['--unset', name]));
  assert.deepEqual(await show('full'), await show('bare'));
  const wrong = await gateway.cli('trigger', 'set', 'full', '--unset', 'filtre');
  assert.equal(wrong.code, 2);
  assert.match(`${wrong.stdout}${wrong.stderr}`, /did you mean "filter"/);
});

test('a key is shown once and never again, and is not in the log', async () => {
  const { api_key: key } = await make('once', '--require-key');
  const shown = await gateway.ok('trigger', 'show', 'once', '--json');
  assert.ok(!shown.includes(key));
  assert.ok(!gateway.logText().includes(key));
  assert.ok(!gateway.logText().includes(gateway.token));
});

test('a run of a keyed trigger needs the key or the admin token to be read', async () => {
  const { url, api_key: key } = await make('private', '--require-key');
  const headers = { 'x-api-key': key };
  const { id } = (await curl(url, { body: '{}', headers })).json();
  assertProblem(await curl(`${gateway.url}/v1/runs/${id}`), 401, 'unauthorized');
  assert.equal((await curl(`${gateway.url}/v1/runs/${id}?wait=10`, { headers })).status, 200);
  assert.equal((await gateway.api(`/v1/runs/${id}`)).status, 200);
});

test('an inactive trigger keeps samples and runs nothing', async () => {
  const { url, active } = await make('asleep', '--inactive', '--reply');
  assert.equal(active, false);
  const before = await gateway.stats();
  const ack = await curl(url, { body: '{"sample":1}' });
  assert.equal(ack.status, 202);
  assert.equal(ack.json().status, 'captured');
  const stats = await gateway.stats();
  assert.equal(stats.captured, before.captured + 1);
  assert.equal((await gateway.run(ack.json().id)).json().status, 'captured');
  await gateway.ok('trigger', 'activate', 'asleep');
  assert.equal((await curl(url, { body: '{"sample":2}' })).text, '{"sample":2}');
  await gateway.ok('trigger', 'deactivate', 'asleep');
  assert.equal((await curl(url, { body: '{}' })).json().status, 'captured');
});

test('the path and query below the URL are kept with the event', async () => {
  const { url } = await make('paths');
  const { id } = (await curl(`${url}/github/push?x=1&y=%20`, { body: '{}', headers: { 'x-github-event': 'push' } })).json();
  const { event } = JSON.parse(await gateway.ok('event', 'show', id, '--json'));
  assert.equal(event.path, '/github/push');
  assert.equal(event.query, 'x=1&y=%20');
  assert.equal(event.headers['x-github-event'], 'push');
  assert.equal(event.method, 'POST');
});

test('credentials are left out of what is kept', async () => {
  const { url, api_key: key } = await make('clean', '--require-key');
  const headers = { 'x-api-key': key, cookie: 'session=verysecret' };
  const { id } = (await curl(url, { body: '{}', headers })).json();
  const event = await gateway.ok('event', 'show', id, '--json');
  assert.ok(!event.includes(key));
  assert.ok(!event.includes('verysecret'));
});

test('an unknown trigger is 404', async () => {
  assertProblem(await curl(`${gateway.url}/hooks/nobody-made-this`, { body: '{}' }), 404, 'unknown_trigger');
});

test('a deleted trigger is 404, and its runs can still be read', async () => {
  const { url } = await make('doomed');
  const { id } = (await curl(url, { body: '{}' })).json();
  await gateway.ended_run(id);
  await gateway.ok('trigger', 'delete', 'doomed');
  assertProblem(await curl(url, { body: '{}' }), 404, 'unknown_trigger');
  assert.equal((await gateway.run(id)).status, 200);
});

test('GET on a trigger is 405 and names the method', async () => {
  const { url } = await make('methods');
  const answer = await curl(url);
  assertProblem(answer, 405, 'method_not_allowed');
  assert.match(answer.headers.allow, /POST/);
});

test('a body that is not JSON is 400 and nothing is kept', async () => {
  const { url } = await make('strict');
  const before = (await gateway.stats()).accepted;
  for (const body of ['{"a":', '', '{"a":01}', '[1,]', '{"a":1}x', '"\ud800'.slice(0, 1), '\u0000']) {
    assertProblem(await curl(url, { body }), 400, 'invalid_json');
  }
  assertProblem(await curl(url, { body: Buffer.from('"\xff"', 'latin1') }), 400, 'invalid_json');
  assert.equal((await gateway.stats()).accepted, before);
});

test('a body past the limit is 413, also when it is chunked; one at the limit passes', async () => {
  const { url } = await make('large', '--body-bytes-max', '64KiB');
  const body = (bytes) => JSON.stringify('x'.repeat(bytes - 2));
  assert.equal((await curl(url, { body: body(65536) })).status, 202);
  assertProblem(await curl(url, { body: body(65537) }), 413, 'payload_too_large');
  const chunked = { 'transfer-encoding': 'chunked' };
  assertProblem(await curl(url, { body: body(65537), headers: chunked }), 413, 'payload_too_large');
  assert.equal((await curl(url, { body: body(65536), headers: chunked })).status, 202);
});

test('a head past the limits is 431, a target past it 414', async () => {
  const { url } = await make('heads');
  assertProblem(await curl(url, { body: '{}', headers: { 'x-big': 'y'.repeat(17_000) } }), 431, 'headers_too_large');
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`x-${i}`, '1']));
  assertProblem(await curl(url, { body: '{}', headers: many }), 431, 'headers_too_large');
  assertProblem(await curl(`${url}/${'z'.repeat(9_000)}`, { body: '{}' }), 414, 'uri_too_long');
});

test('Expect: 100-continue is answered before the body comes', async () => {
  const { url } = await make('expects', '--reply');
  const body = JSON.stringify({ filler: 'x'.repeat(100_000) });
  const reply = await curl(url, { body, headers: { expect: '100-continue' }, args: ['--expect100-timeout', '20'] });
  assert.equal(reply.status, 200);
  assert.equal(reply.text, body);
});

test('two triggers cannot have one name, and a workflow must be there', async () => {
  await make('twice');
  const again = await gateway.cli('trigger', 'create', 'twice', '--workflow', 'echo');
  assert.equal(again.code, 1);
  assert.match(again.stderr, /twice/);
  const nowhere = await gateway.cli('trigger', 'create', 'lost', '--workflow', 'echos');
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /echo/);
});

test('a pinned version stays, an unpinned trigger follows the newest', async () => {
  await gateway.workflow('moving', '  - v: { set: { v: 1 } }');
  const pinned = await gateway.trigger('pinned', '--workflow', 'moving@1', '--reply');
  const newest = await gateway.trigger('newest', '--workflow', 'moving', '--reply');
  await gateway.workflow('moving', '  - v: { set: { v: 2 } }');
  assert.equal((await curl(pinned.url, { body: '{}' })).text, '{"v":1}');
  assert.equal((await curl(newest.url, { body: '{}' })).text, '{"v":2}');
});
