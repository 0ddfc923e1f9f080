// Secrets: set, listed without values, used by workflows, and never seen again, wherever a workflow
// tries to put them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, penstock } from './lib/gateway.mjs';

const token = 'tok_4242-very/secret+value';
const login = { username: 'shop', password: 'p4ss-w0rd-äö' };
let gateway, server, seen;

before(async () => {
  server = http.createServer((request, answer) => {
    seen = request.headers;
    answer.setHeader('content-type', 'application/json').end(JSON.stringify({ told: request.headers.authorization }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = await Gateway.start({ args: ['--allow-egress', '127.0.0.0/8'] });
});
after(async () => {
  server.close();
  await gateway.clear();
});

const set = (name, value) =>
  penstock(['secret', 'set', name, '--url', gateway.adminUrl, '--data', gateway.data], { input: value });

/** Applies a workflow with a head of its own and makes its trigger. */
async function flow(name, secrets, tasks) {
  const file = path.join(gateway.folder, `${name}.yaml`);
  fs.writeFileSync(file, `document: { dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0' }
use: { secrets: [${secrets}] }
do:
${tasks}
`);
  await gateway.ok('workflow', 'apply', file);
  return gateway.trigger(name, '--workflow', name, '--reply');
}

const post = ({ url }, body = '{}') => curl(url, { body });
const forms = (secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64')];
function assertClean(text, where) {
  for (const secret of [token, login.password])
    for (const form of forms(secret)) assert.ok(!text.includes(form), `${where} shows ${form}: ${text}`);
}

test('a secret is set from standard input or a file, listed by name, and deleted', async () => {
  assert.equal((await set('api-token', `${token}\n`)).code, 0);
  const file = path.join(gateway.folder, 'login.json');
  fs.writeFileSync(file, JSON.stringify(login));
  await gateway.ok('secret', 'set', 'shop', '--value-file', file);
  const list = await gateway.ok('secret', 'list', '--json');
  assert.deepEqual(JSON.parse(list).secrets.map((s) => s.name), ['api-token', 'shop']);
  assertClean(list, 'the list');
  assertClean(await gateway.ok('secret', 'list'), 'the list');
  assert.equal((await set('gone', 'soon')).code, 0);
  await gateway.ok('secret', 'delete', 'gone');
  const again = await gateway.cli('secret', 'delete', 'gone');
  assert.equal(again.code, 1);
  assert.equal((await gateway.api('/v1/secrets/api-token')).json().name, 'api-token');
  assertClean((await gateway.api('/v1/secrets/api-token')).text, 'the secret shown');
});

test('a secret that makes no sense is refused with a reason', async () => {
  for (const [name, body] of [['a%20b', '{"value":"x"}'], ['ok', '{"value":""}'], ['ok', '{"value":7}'],
    ['ok', '{"valu":"x"}'], ['ok', JSON.stringify({ value: 'x'.repeat(70_000) })]]) {
    const answer = await gateway.api(`/v1/secrets/${name}`, { method: 'PUT', body });
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.json().code, 'unprocessable');
  }
});

test('an authentication by a secret sends it, and a reply that says it does not show it', async () => {
  const tasks = `  - ask:
      call: http
      with:
        method: get
        endpoint: { uri: 'http://127.0.0.1:${server.address().port}/', authentication: { bearer: { use: api-token } } }`;
  const answer = await post(await flow('bearer', 'api-token', tasks));
  assert.equal(answer.status, 200, answer.text);
  assert.equal(seen.authorization, `Bearer ${token}`);
  assertClean(answer.text, 'the reply');
  const basic = await flow('basic', 'shop', tasks.replace('bearer: { use: api-token }', 'basic: { use: shop }'));
  const other = await post(basic);
  assert.equal(seen.authorization, `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`);
  assert.ok(!other.text.includes(seen.authorization.slice(6)), other.text);
});

test('a workflow that tries cannot show a secret: not in its output, its error, its run or the log', async () => {
  const all = [];
  for (const [name, tasks] of Object.entries({
    leak: `  - out: { set: { it: '\${ $secrets."api-token" }', coded: '\${ $secrets."api-token" | @uri }', b: '\${ $secrets."api-token" | @base64 }', p: '\${ $secrets.shop.password }' } }`,
    fail: `  - out: { raise: { error: { type: 'https://x/y', status: 500, title: '\${ $secrets."api-token" }', detail: '\${ "it is " + $secrets.shop.password }' } } }`,
    path: `  - out: { call: http, with: { method: get, endpoint: 'http://127.0.0.1:1/{t}', query: { t: '\${ $secrets."api-token" }' } } }`,
  })) {
    const answer = await post(await flow(name, 'api-token, shop', tasks));
    all.push(answer.text);
    const id = (answer.headers['penstock-run'] ?? answer.headers.location ?? answer.text).match(/[0-9a-f-]{36}/)?.[0];
    if (id) for (const tail of ['', '/result', '/events']) all.push((await curl(`${gateway.url}/v1/runs/${id}${tail}`)).text);
  }
  assert.ok(all[0].includes('***'), all[0]);
  for (const text of all) assertClean(text, 'an answer');
  for (const where of ['/v1/events', '/v1/runs', '/v1/stats', '/v1/triggers', '/v1/workflows/leak', '/v1/secrets'])
    assertClean((await gateway.api(where)).text, where);
  assertClean(gateway.logText(), 'the log');
});

test('a workflow sees only the secrets that it names', async () => {
  const answer = await post(await flow('narrow', 'shop', '  - out: { set: { seen: "${ $secrets | keys }" } }'));
  assert.deepEqual(answer.json(), { seen: ['shop'] });
});

test('a changed secret is used at once, and all survive a restart and a rekey; no value lies in the data folder', async () => {
  const tasks = '  - out: { set: { n: "${ $secrets.changing | length }" } }';
  await set('changing', 'abcd');
  const trigger = await flow('changing', 'changing', tasks);
  assert.deepEqual((await post(trigger)).json(), { n: 4 });
  await set('changing', 'abcdefgh');
  assert.deepEqual((await post(trigger)).json(), { n: 8 });
  const before = fs.readFileSync(path.join(gateway.data, 'vault-keys'), 'utf8');
  const rekeyed = JSON.parse(await gateway.ok('secret', 'rekey', '--json'));
  assert.equal(rekeyed.key_version, 2);
  const keys = fs.readFileSync(path.join(gateway.data, 'vault-keys'), 'utf8');
  assert.notEqual(keys, before);
  assert.equal(keys.trim().split('\n').length, 1);
  assert.equal(fs.statSync(path.join(gateway.data, 'vault-keys')).mode & 0o777, 0o600);
  await gateway.crash();
  assert.deepEqual((await post(trigger)).json(), { n: 8 });
  for (const file of fs.readdirSync(gateway.data, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    let bytes = '';
    try { bytes = fs.readFileSync(path.join(file.parentPath ?? file.path, file.name)); } catch (error) {
      if (error.code !== 'ENOENT') throw error;  // the store has replaced it meanwhile
    }
    assert.ok(!bytes.includes(login.password), `${file.name} holds the password in clear`);
  }
});

test('without the right vault keys the gateway does not start', async () => {
  await gateway.stop();
  const file = path.join(gateway.data, 'vault-keys');
  const keys = fs.readFileSync(file);
  fs.writeFileSync(file, `2 ${'0'.repeat(64)}\n`);
  gateway.spawn();
  assert.equal((await gateway.ended).code, 1);
  assert.match(gateway.logText(), /does not open/);
  fs.writeFileSync(file, keys);
  gateway.spawn();
  await gateway.waitReady();
});
