// What senders really send: CloudEvents by their own client, forms, packed bodies, batches; and what
// they and operators can ask afterwards.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';

import { CloudEvent, HTTP, Mode, emitterFor } from 'cloudevents';

import { curl } from './lib/curl.mjs';
import { Gateway, echo, penstock } from './lib/gateway.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start();
  await gateway.workflow('echo', echo);
});
after(() => gateway.clear());

const make = (name, ...flags) => gateway.trigger(name, '--workflow', 'echo', ...flags);
const event = async (id) => (await gateway.api(`/v1/events/${id}`)).json();
const reply = async (url, options) => {
  const answer = await curl(url, options);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
};

test('the CloudEvents client is understood in binary and structured mode', async () => {
  const { url } = await make('clouds');
  const cloud = new CloudEvent({ type: 'com.example.made', source: '/shop', subject: 'order 7', data: { n: 1 }, tenant: 'acme' });
  const transport = async ({ headers, body }) => curl(url, { method: 'POST', headers, body });
  for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
    const answer = await emitterFor(transport, { mode })(cloud);
    assert.equal(answer.status, 202, answer.text);
    const { body, event: facts } = await event(answer.json().id);
    assert.deepEqual(body, { n: 1 }, mode);
    assert.equal(facts.headers['ce-id'], cloud.id);
    assert.equal(facts.headers['ce-tenant'], 'acme');
  }
});

test('a CloudEvents batch is many events; one that lacks its type is refused alone', async () => {
  const { url } = await make('cloud-batch');
  const clouds = [1, 2].map((n) => HTTP.structured(new CloudEvent({ type: 't', source: '/s', data: { n } })).body);
  const body = `[${clouds[0]},{"specversion":"1.0","id":"x","source":"/s"},${clouds[1]}]`;
  const answer = await curl(url, { body, headers: { 'content-type': 'application/cloudevents-batch+json' } });
  assert.equal(answer.status, 207, answer.text);
  const told = answer.json();
  assert.deepEqual([told.items, told.accepted, told.rejected, told.resend_from], [3, 2, 1, null]);
  assert.deepEqual(told.results.map((r) => r.status), ['queued', 'rejected', 'queued']);
  assert.equal(told.results[1].code, 'bad_request');
  assert.deepEqual((await event(told.results[2].id)).body, { n: 2 });
});

test('NDJSON: one result a line, in order; a broken line is refused alone', async () => {
  const { url } = await make('lines');
  const headers = { 'content-type': 'application/x-ndjson' };
  const answer = await curl(url, { body: '{"i":0}\r\n\n{"i":\n12345678901234567890123\n', headers });
  assert.equal(answer.status, 207, answer.text);
  const told = answer.json();
  assert.deepEqual(told.results.map((r) => r.status), ['queued', 'rejected', 'queued']);
  assert.equal(told.results[1].code, 'invalid_json');
  assert.match((await gateway.api(`/v1/events/${told.results[2].id}`)).text, /12345678901234567890123/);
  const none = await curl(url, { body: '{\n[\n', headers });
  assert.equal(none.status, 400);
  assert.equal(none.json().code, 'invalid_json');
  assert.equal(none.json().results.length, 2);
  const many = await curl(url, { body: '1\n'.repeat(10_001), headers });
  assert.equal(many.status, 413, many.text.slice(0, 200));
});

test('ten thousand lines are ten thousand events by one commit', async () => {
  const { url } = await make('many');
  const commits = async () => Number(/penstock_commits_total (\d+)/.exec((await curl(`${gateway.adminUrl}/metrics`)).text)[1]);
  await gateway.ok('trigger', 'deactivate', 'many');
  const before = (await gateway.stats()).accepted, commitsBefore = await commits();
  const body = Array.from({ length: 10_000 }, (_, i) => JSON.stringify({ i, pad: 'x'.repeat(100) })).join('\n');
  const answer = await curl(url, { body, headers: { 'content-type': 'application/x-ndjson' } });
  assert.equal(answer.status, 207);
  const told = answer.json();
  assert.equal(told.accepted, 10_000);
  assert.equal(told.results[0].status, 'captured');
  assert.equal((await gateway.stats()).accepted - before, 10_000);
  assert.ok((await commits()) - commitsBefore <= 2);
  assert.equal(new Set(told.results.map((r) => r.id)).size, 10_000);
  assert.equal((await event(told.results[9_999].id)).body.i, 9_999);
});

test('a JSON array is many events only where the trigger says so', async () => {
  const one = await make('array-one', '--reply'), many = await make('array-many', '--batch');
  assert.deepEqual(await reply(one.url, { body: '[1,2]' }), [1, 2]);
  const answer = await curl(many.url, { body: '[{"a":"],"},2]' });
  assert.equal(answer.status, 207, answer.text);
  assert.deepEqual((await event(answer.json().results[0].id)).body, { a: '],' });
  assert.equal((await curl(many.url, { body: '[1,' })).status, 400);
  assert.deepEqual((await curl(many.url, { body: '[]' })).json().results, []);
});

test('when the queue is full a batch is taken up to there, and says where to go on', async () => {
  const small = await Gateway.start({ args: ['--queue-events-max', '5'] });
  try {
    const { url } = await small.flow('held', '  - pause: { wait: { seconds: 60 } }');
    const answer = await curl(url, { body: '1\n2\n3\n4\n5\n6\n7\n', headers: { 'content-type': 'application/x-ndjson' } });
    assert.equal(answer.status, 207, answer.text);
    const told = answer.json();
    assert.deepEqual([told.accepted, told.rejected, told.resend_from], [5, 2, 5]);
    assert.equal(told.results[5].code, 'queue_full');
    assert.ok(Number(answer.headers['retry-after']) > 0);
  } finally {
    await small.clear();
  }
});

test('forms become JSON and keep the raw; a broken JSON text is no form', async () => {
  const { url } = await make('forms', '--reply');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const slack = 'token=gIkuvaNzQIHg97ATvDxqgjtO&team_id=T0001&command=%2Fweather&text=94070+now';
  assert.deepEqual(await reply(url, { body: slack, headers }),
    { token: 'gIkuvaNzQIHg97ATvDxqgjtO', team_id: 'T0001', command: '/weather', text: '94070 now' });
  assert.deepEqual(await reply(url, { body: 'payload=%7B%22type%22%3A%22block_actions%22%7D', headers }), { type: 'block_actions' });
  assert.deepEqual(await reply(url, { body: '{"curl":"-d"}', headers }), { curl: '-d' });
  assert.equal((await curl(url, { body: '{"curl":', headers })).json().code, 'invalid_json');
  const form = await curl(url, { args: ['-F', 'a=1', '-F', 'b=x y'] });
  assert.deepEqual(form.json(), { a: '1', b: 'x y' });
});

test('other bodies are taken where the trigger lets them in', async () => {
  const closed = await make('json-only', '--reply'), open = await make('anything', '--reply', '--any-body');
  const text = { body: 'hello', headers: { 'content-type': 'text/plain' } };
  assert.equal((await curl(closed.url, text)).status, 415);
  assert.deepEqual(await reply(open.url, text), { text: 'hello' });
  assert.deepEqual(await reply(open.url, { body: Buffer.from([0, 255]), headers: { 'content-type': 'image/png' } }),
    { base64: 'AP8=', content_type: 'image/png' });
});

test('packed bodies are unpacked; bombs and unknown encodings are refused', async () => {
  const { url } = await make('packed', '--reply');
  const send = (encoding, body) => curl(url, { body, headers: { 'content-encoding': encoding } });
  const text = JSON.stringify({ text: 'x'.repeat(3000) });
  for (const [encoding, body] of [['gzip', zlib.gzipSync(text)], ['deflate', zlib.deflateSync(text)], ['deflate', zlib.deflateRawSync(text)]])
    assert.equal((await send(encoding, body)).text, text, encoding);
  assert.equal((await send('gzip', zlib.gzipSync('0'.repeat(900_000)))).status, 413);
  const unknown = await send('br', zlib.brotliCompressSync(text));
  assert.equal(unknown.status, 415);
  assert.match(unknown.headers['accept-encoding'], /gzip/);
  assert.equal((await send('gzip, gzip', zlib.gzipSync(text))).status, 415);
  assert.equal((await send('gzip', text)).status, 400);
});

test('other methods are taken where the trigger says so; a GET brings its query', async () => {
  const { url } = await make('methods', '--reply', '--method', 'get', '--method', 'PUT');
  assert.deepEqual(await reply(`${url}/x?a=1&a=2&b=%20`), { a: ['1', '2'], b: ' ' });
  assert.deepEqual(await reply(url, { method: 'PUT', body: '{"p":1}' }), { p: 1 });
  const refused = await curl(url, { method: 'DELETE' });
  assert.equal(refused.status, 405);
  assert.equal(refused.headers.allow, 'POST, GET, PUT');
});

test('refused requests are listed with reasons and without secrets', async () => {
  const { url } = await make('watched', '--require-key');
  await curl(url, { body: '{"a":1}', headers: { 'x-api-key': 'psk_a-secret-guess' } });
  const shown = await gateway.ok('trigger', 'rejected', 'watched', '--json');
  assert.ok(!shown.includes('a-secret-guess'));
  const { counts, rejected } = JSON.parse(shown);
  assert.deepEqual(counts, { unauthorized: 1 });
  assert.equal(rejected[0].body_bytes, 7);
  assert.ok(rejected[0].headers.includes('x-api-key'));
  assert.match(await gateway.ok('trigger', 'rejected', 'watched'), /unauthorized/);
  assert.match((await curl(`${gateway.adminUrl}/metrics`)).text, /penstock_rejected_total\{code="unauthorized"\} [1-9]/);
});

test('a sender with the key sees what became of its deliveries, and nobody else does', async () => {
  const { url, api_key: key } = await make('ledger', '--require-key');
  const headers = { 'x-api-key': key };
  const { id } = (await curl(url, { body: '{"ok":1}', headers: { ...headers, 'webhook-id': 'msg_1' } })).json();
  assert.equal((await curl(`${gateway.url}/v1/runs/${id}/result?wait=20`, { headers })).status, 200);
  await curl(url, { body: '{', headers });
  const all = await curl(`${url}/deliveries?since=1h`, { headers });
  assert.equal(all.status, 200, all.text);
  assert.deepEqual(all.json().deliveries.map((d) => [d.result, d.outcome ?? d.code]),
    [['rejected', 'invalid_json'], ['accepted', 'succeeded']]);
  for (const wanted of [id, 'msg_1']) {
    const one = (await curl(`${url}/deliveries?id=${wanted}`, { headers })).json().deliveries;
    assert.deepEqual(one.map((d) => [d.id, d.sender_id]), [[id, 'msg_1']]);
  }
  await curl(url, { body: '{"ok":1}', headers: { ...headers, 'webhook-id': 'msg_1' } });
  for (const query of ['since=1h', `id=${id}`, 'id=msg_1']) {
    const [newest] = (await curl(`${url}/deliveries?${query}`, { headers })).json().deliveries;
    assert.deepEqual([newest.result, newest.id], ['duplicate', id], query);
  }
  assert.deepEqual((await curl(`${url}/deliveries?id=nothing`, { headers })).json().deliveries, []);
  assert.equal((await curl(`${url}/deliveries`)).status, 401);
});

test('a receipt is signed on request and can be checked offline', async () => {
  const { url } = await make('receipts');
  const body = '{"pay":100}';
  const answer = await curl(url, { body, headers: { 'penstock-receipt': '?1' } });
  const { receipt, id } = answer.json();
  assert.equal(receipt.id, id);
  assert.equal(receipt.body_sha256, crypto.createHash('sha256').update(body).digest('hex'));
  assert.match(answer.headers['penstock-receipt'], new RegExp(receipt.signature));
  const keys = (await curl(`${gateway.url}/.well-known/penstock-receipts.json`)).json();
  const key = crypto.createPublicKey({ key: keys.keys[0], format: 'jwk' });
  const text = ['penstock-receipt', 'v1', receipt.id, receipt.body_sha256, receipt.position, receipt.time, receipt.durability].join(':');
  assert.ok(crypto.verify(null, Buffer.from(text), key, Buffer.from(receipt.signature, 'base64url')));
  const files = Object.fromEntries(['ack', 'body', 'keys'].map((name) => [name, path.join(gateway.folder, `${name}.json`)]));
  fs.writeFileSync(files.ack, answer.text);
  fs.writeFileSync(files.body, body);
  fs.writeFileSync(files.keys, JSON.stringify(keys));
  const check = () => penstock(['receipt', 'verify', files.ack, '--keys', files.keys, '--body', `@${files.body}`]);
  assert.equal((await check()).code, 0);
  fs.writeFileSync(files.body, '{"pay":900}');
  assert.equal((await check()).code, 1);
  assert.equal((await curl(url, { body })).json().receipt, undefined);
});

test('a held reply and a batch have their receipts too', async () => {
  const keys = (await curl(`${gateway.url}/.well-known/penstock-receipts.json`)).json();
  const key = crypto.createPublicKey({ key: keys.keys[0], format: 'jwk' });
  const check = (header, body) => {
    const [, id, sha256, position, time, durability, signature] = ['id', 'body_sha256', 'position', 'time', 'durability', 'signature']
      .reduce((found, name) => [...found, header.match(new RegExp(`(?:^|[,;\\s])${name}="?([^",;]+)"?`))?.[1]], [null]);
    const text = ['penstock-receipt', 'v1', id, sha256, position, time, durability].join(':');
    assert.equal(sha256, crypto.createHash('sha256').update(body).digest('hex'), header);
    assert.ok(crypto.verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url')), header);
    return { id, position: Number(position) };
  };
  const held = await make('receipt-held', '--reply');
  const reply = await curl(held.url, { body: '{"a":1}', headers: { 'penstock-receipt': '?1' } });
  assert.equal(reply.status, 200);
  check(reply.headers['penstock-receipt'], '{"a":1}');
  const { url } = await make('receipt-batch', '--batch');
  const lines = '{"n":1}\n{"n":2}\n{"n":3}\n';
  const batch = (body) => curl(url, { body, headers: { 'content-type': 'application/x-ndjson', 'penstock-receipt': '?1' } });
  const whole = await batch(lines);
  const { id, position } = check(whole.headers['penstock-receipt'], lines);
  assert.equal(id, whole.json().results[0].id);
  assert.ok(position >= 3);
  assert.equal((await batch('{"n":4}\n{broken\n')).headers['penstock-receipt'], undefined);
});

test('a trigger goes back to what it was, its URL and key stay', async () => {
  const { url, api_key: key } = await make('versions', '--require-key', '--type', 'first');
  await gateway.ok('trigger', 'set', 'versions', '--type', 'second', '--reply');
  await gateway.ok('trigger', 'rotate-key', 'versions');
  await gateway.ok('trigger', 'rollback', 'versions', '--to', '1');
  const shown = JSON.parse(await gateway.ok('trigger', 'show', 'versions', '--json'));
  assert.deepEqual([shown.event_type, shown.reply, shown.version, shown.url], ['first', false, 4, url]);
  assert.equal(shown.keys.length, 2);
  assert.equal((await curl(url, { body: '{}', headers: { 'x-api-key': key } })).status, 202);
  await gateway.restart();
  const { versions } = JSON.parse(await gateway.ok('trigger', 'history', 'versions', '--json'));
  assert.deepEqual(versions.map((v) => v.version), [4, 3, 2, 1]);
  assert.deepEqual(versions[2].changed.event_type, ['first', 'second']);
  assert.match(await gateway.ok('trigger', 'history', 'versions'), /event_type: "first" → "second"/);
});

test('secrets, cancels and bulk replays are in the audit log, without what is secret', async () => {
  const { url } = await make('audited-too', '--inactive');
  await curl(url, { body: '{}' });
  await gateway.ok('trigger', 'activate', 'audited-too');
  const { id } = (await curl(url, { body: '{}' })).json();
  await gateway.api(`/v1/runs/${id}/cancel`, { method: 'POST' });
  await gateway.api('/v1/secrets/audited', { method: 'PUT', body: '{"value":"not-for-the-log"}' });
  await gateway.api('/v1/secrets/audited', { method: 'DELETE' });
  const replay = await gateway.api('/v1/replays', { method: 'POST', body: '{"filter":{"trigger":"audited-too"}}' });
  assert.equal(replay.status, 202, replay.text);
  await gateway.api(`/v1/replays/${replay.json().id}/cancel`, { method: 'POST' });
  const answer = await gateway.api('/v1/audit?limit=20');
  const actions = answer.json().audit.map((a) => a.action);
  for (const action of ['secret.create', 'secret.delete', 'replay.create', 'replay.cancel']) assert.ok(actions.includes(action), `${action} in ${actions}`);
  assert.ok(!answer.text.includes('not-for-the-log'));
  assert.match(await gateway.ok('audit', '--verify'), /^intact: /);
});

test('every change is in the audit log, in an unbroken chain, after a crash too', async () => {
  await make('audited');
  await gateway.ok('trigger', 'set', 'audited', '--reply');
  await gateway.crash();
  await gateway.ok('trigger', 'delete', 'audited');
  const { audit } = (await gateway.api('/v1/audit?limit=3')).json();
  assert.deepEqual(audit.map((a) => [a.action, a.subject]),
    [['trigger.delete', 'audited'], ['trigger.set', 'audited'], ['trigger.create', 'audited']]);
  assert.match(audit[1].who, /^admin@127\.0\.0\.1$/);
  assert.deepEqual(JSON.parse(audit[1].detail).changed, { reply: [false, true] });
  assert.equal(audit[0].previous_hash, audit[1].hash);
  assert.match(await gateway.ok('audit', '--verify'), /^intact: \d+ records/);
  assert.match(await gateway.ok('audit', '--limit', '2'), /trigger\.delete/);
});
