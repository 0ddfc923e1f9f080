// What operators see: sums, lists, replays, cancels, health, and who is let in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { curl, run } from './lib/curl.mjs';
import { Client, inParallel } from './lib/http.mjs';
import { Gateway, bin, echo, penstock, until, waiting } from './lib/gateway.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start();
  await gateway.workflow('echo', echo);
});
after(() => gateway.clear());

const sum = (s) => s.captured + s.queued + s.running + s.waiting + s.succeeded + s.failed + s.cancelled + s.dead;

test('accepted equals the sum of the states at every look, under load', async () => {
  const { url } = await gateway.trigger('load', '--workflow', 'echo');
  const client = new Client(32);
  const before = await gateway.stats();
  let looks = 0, loading = true;
  const look = (async () => {
    while (loading) {
      const stats = await gateway.stats();
      assert.equal(stats.accepted, sum(stats));
      looks++;
    }
  })();
  await inParallel(2000, 32, async (i) => {
    assert.equal((await client.post(url, `{"i":${i}}`)).status, 202);
  });
  loading = false;
  await look;
  client.close();
  assert.ok(looks >= 2);
  await until('all have ended', async () => (await gateway.stats()).succeeded === before.succeeded + 2000);
  assert.equal((await gateway.stats()).accepted, before.accepted + 2000);
});

test('a tag lists its own events', async () => {
  const { url } = await gateway.trigger('tagged', '--workflow', 'echo');
  for (let i = 0; i < 5; i++) await curl(url, { body: '{}', headers: { 'penstock-tag': 'customer-7' } });
  await curl(url, { body: '{}' });
  const page = JSON.parse(await gateway.ok('event', 'list', '--tag', 'customer-7', '--json'));
  assert.equal(page.events.length, 5);
  for (const event of page.events) assert.equal(event.tag, 'customer-7');
});

test('a list is newest first, filtered, and paged without loss', async () => {
  const { url } = await gateway.trigger('pages', '--workflow', 'echo');
  const ids = [];
  for (let i = 0; i < 25; i++) ids.push((await curl(url, { body: `${i}` })).json().id);
  const seen = [];
  let cursor = '';
  do {
    const page = (await gateway.api(`/v1/events?trigger=pages&limit=10${cursor}`)).json();
    seen.push(...page.events.map((e) => e.id));
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
  } while (cursor);
  assert.deepEqual(seen, ids.toReversed ? ids.toReversed() : [...ids].reverse());
  const recent = JSON.parse(await gateway.ok('event', 'list', '--trigger', 'pages', '--since', '1h', '--limit', '100', '--json'));
  assert.equal(recent.events.length, 25);
  const none = JSON.parse(await gateway.ok('event', 'list', '--trigger', 'pages', '--status', 'dead', '--json'));
  assert.equal(none.events.length, 0);
});

test('an event is kept as it came: headers and body', async () => {
  const { url } = await gateway.trigger('kept', '--workflow', 'echo');
  const body = '{ "big": 12345678901234567890,\n "e": 1.50E+3, "s": "\\u00e9" }';
  const { id } = (await curl(url, { body, headers: { 'x-request-id': 'r-1' } })).json();
  const shown = await gateway.ok('event', 'show', id, '--json');
  assert.ok(shown.includes(body), shown);
  assert.equal(JSON.parse(shown).event.headers['x-request-id'], 'r-1');
});

test('a replay is a new event that says where it came from', async () => {
  const { url } = await gateway.trigger('again', '--workflow', 'echo');
  const { id } = (await curl(url, { body: '{"replay":"me"}' })).json();
  await gateway.ended_run(id);
  const replay = JSON.parse(await gateway.ok('event', 'replay', id, '--json'));
  assert.equal(replay.replay_of, id);
  assert.notEqual(replay.id, id);
  assert.equal((await gateway.ended_run(replay.id)).status, 'succeeded');
  assert.equal(await gateway.ok('run', 'result', replay.id), '{"replay":"me"}');
});

test('a cancel ends a waiting run, is idempotent, and its result is 409', async () => {
  const trigger = await gateway.flow('cancel-me', waiting(60_000));
  const { id } = (await curl(trigger.url, { body: '{}' })).json();
  await until('it waits', async () => ['running', 'waiting'].includes((await gateway.run(id)).json().status));
  const begin = Date.now();
  for (let i = 0; i < 2; i++) {
    assert.equal((await curl(`${gateway.url}/v1/runs/${id}/cancel`, { method: 'POST' })).status, 202);
  }
  assert.equal((await gateway.ended_run(id)).status, 'cancelled');
  assert.ok(Date.now() - begin < 10_000);
  const result = await curl(`${gateway.url}/v1/runs/${id}/result`);
  assert.equal(result.status, 409);
  assert.equal(result.json().code, 'cancelled');
  assert.equal((await gateway.stats()).cancelled >= 1, true);
});

test('a cancel of an ended run changes nothing', async () => {
  const { url } = await gateway.trigger('too-late', '--workflow', 'echo');
  const { id } = (await curl(url, { body: '{}' })).json();
  await gateway.ended_run(id);
  assert.equal((await curl(`${gateway.url}/v1/runs/${id}/cancel`, { method: 'POST' })).status, 202);
  assert.equal((await gateway.run(id)).json().status, 'succeeded');
});

test('a held caller of a cancelled run is told so', async () => {
  const trigger = await gateway.flow('cancel-held', waiting(60_000), '--reply');
  const reply = curl(trigger.url, { body: '{}' });
  const event = await until('it came', async () =>
    JSON.parse(await gateway.ok('event', 'list', '--trigger', 'cancel-held', '--json')).events[0]);
  await gateway.ok('run', 'cancel', event.id);
  const answer = await reply;
  assert.equal(answer.status, 409);
  assert.equal(answer.json().code, 'cancelled');
});

test('every operator address wants the token, health does not', async () => {
  for (const path of ['/v1/workflows', '/v1/triggers', '/v1/events', '/v1/stats', '/v1/limits', '/v1/executors']) {
    const refused = await curl(gateway.adminUrl + path);
    assert.equal(refused.status, 401, path);
    assert.equal(refused.json().code, 'unauthorized');
    const wrong = await curl(gateway.adminUrl + path, { headers: { authorization: 'Bearer nope' } });
    assert.equal(wrong.status, 401, path);
    assert.equal((await gateway.api(path)).status, 200, path);
  }
  for (const path of ['/livez', '/readyz', '/metrics']) {
    assert.equal((await curl(gateway.adminUrl + path)).status, 200, path);
  }
});

test('the senders\' listener has nothing of the operators\'', async () => {
  const headers = { authorization: `Bearer ${gateway.token}` };
  for (const path of ['/v1/workflows', '/v1/triggers', '/v1/events', '/v1/stats', '/v1/limits', '/metrics', '/v1/runs', '/']) {
    assert.equal((await curl(gateway.url + path, { headers })).status, 404, path);
  }
  for (const path of ['/livez', '/readyz']) assert.equal((await curl(gateway.url + path)).status, 200, path);
});

test('limits name every bound, the durability and the version', async () => {
  const limits = (await gateway.api('/v1/limits')).json();
  const text = JSON.stringify(limits);
  for (const word of ['body_bytes_max', 'head_bytes_max', 'reply_wait_ms', 'attempts_max', 'version', 'durability']) {
    assert.ok(text.includes(word), `${word} is missing: ${text}`);
  }
  assert.match(await gateway.ok('limits'), /body_bytes_max/);
});

test('the executors are listed', async () => {
  const { executors } = (await gateway.api('/v1/executors')).json();
  assert.equal(executors.length, 1);
});

test('metrics are Prometheus text with our prefix', async () => {
  const metrics = await curl(`${gateway.adminUrl}/metrics`);
  assert.match(metrics.headers['content-type'], /^text\/plain/);
  assert.match(metrics.text, /^penstock_[a-z_]+(\{[^}]*\})? [0-9]/m);
  const names = metrics.text.split('\n').filter((l) => l && !l.startsWith('#'));
  for (const line of names) assert.match(line, /^penstock_/);
});

test('a workflow is versioned, shown as it was applied, and cannot go while it is used', async () => {
  await gateway.workflow('versions', '  - v: { set: { v: 1 } }');
  assert.match(await gateway.workflow('versions', '  - v: { set: { v: 1 } }'), /unchanged/);
  assert.match(await gateway.workflow('versions', '  - v: { set: { v: 2 } }'), /versions@2/);
  assert.match(await gateway.ok('workflow', 'show', 'versions@1'), /v: 1/);
  assert.match(await gateway.ok('workflow', 'show', 'versions'), /v: 2/);
  await gateway.trigger('user', '--workflow', 'versions');
  assert.equal((await gateway.cli('workflow', 'delete', 'versions')).code, 1);
  await gateway.ok('trigger', 'delete', 'user');
  await gateway.ok('workflow', 'delete', 'versions');
  assert.equal((await gateway.cli('workflow', 'show', 'versions')).code, 1);
});

test('a workflow with a fault is refused with its place', async () => {
  const refused = await gateway.api('/v1/workflows', {
    body: "document: { dsl: '1.0.3', namespace: t, name: bad, version: '1.0.0' }\ndo:\n  - a: { cal: http }\n",
    headers: { 'content-type': 'application/yaml' },
  });
  assert.equal(refused.status, 422);
  const { findings, code } = refused.json();
  assert.equal(code, 'invalid_definition');
  assert.ok(findings.length >= 1);
  assert.equal(findings[0].line, 3);
  assert.equal((await gateway.cli('workflow', 'show', 'bad')).code, 1);
});

test('a dry run applies nothing', async () => {
  const source = "document: { dsl: '1.0.3', namespace: t, name: dry, version: '1.0.0' }\ndo:\n  - a: { set: { a: 1 } }\n";
  const done = await penstock(['workflow', 'apply', '-', '--dry-run', '--url', gateway.adminUrl, '--data', gateway.data], { input: source });
  assert.equal(done.code, 0, done.stderr);
  assert.equal((await gateway.cli('workflow', 'show', 'dry')).code, 1);
});

test('event tail shows what comes', async () => {
  const { url } = await gateway.trigger('tail', '--workflow', 'echo');
  const tail = run('timeout', ['-s', 'INT', '4', `${bin}/penstock`, 'event', 'tail', '--trigger', 'tail',
    '--url', gateway.adminUrl, '--data', gateway.data, '--json']);
  const { id } = (await curl(url, { body: '{}' })).json();
  assert.ok((await tail).stdout.toString().includes(id));
});
