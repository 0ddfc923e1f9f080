// Who may send: signatures, handshakes, keys, passwords, tokens, addresses; and what the operator
// is told of those who may not.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, echo, penstock } from './lib/gateway.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start({ args: ['--allow-egress', '127.0.0.0/8', '--behind-proxy'] });
  await gateway.workflow('echo', echo);
});
after(() => gateway.clear());

const make = (name, ...flags) => gateway.trigger(name, '--workflow', 'echo', ...flags);
const hmac = (secret, text, encoding = 'hex', hash = 'sha256') =>
  crypto.createHmac(hash, secret).update(text).digest(encoding);
const now = () => Math.floor(Date.now() / 1000);
const rejected = async (name) => (await gateway.api(`/v1/triggers/${name}/rejected`)).json().rejected;

function assertRefused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json().code, code, answer.text);
}

test('a github signature lets in; none, a wrong one, one byte changed do not', async () => {
  const { url } = await make('github', '--verify', 'github', '--secret', 'gh-secret-1');
  const body = '{ "zen":"Keep it logically awesome.", "n":1.10 }';
  const send = (sent, signature) => curl(url, { body: sent, headers: signature ? { 'x-hub-signature-256': signature } : {} });
  const good = `sha256=${hmac('gh-secret-1', body)}`;
  assert.equal((await send(body, good)).status, 202);
  assertRefused(await send(body), 401, 'bad_signature');
  assertRefused(await send(body.replace('1.10', '1.11'), good), 401, 'bad_signature');
  assertRefused(await send(body, `sha256=${hmac('other', body)}`), 401, 'bad_signature');
  const list = await rejected('github');
  assert.equal(list.length, 3);
  assert.ok(!JSON.stringify(list).includes('gh-secret-1'));
});

test('a body written anew is told to the operator as the likely cause', async () => {
  const { url } = await make('respelled', '--verify', 'github', '--secret', 'gh-secret-2');
  const signature = `sha256=${hmac('gh-secret-2', '{"a":1,"b":2}')}`;
  assertRefused(await curl(url, { body: '{ "a": 1, "b": 2 }', headers: { 'x-hub-signature-256': signature } }), 401, 'bad_signature');
  assert.match((await rejected('respelled'))[0].hint, /wrote it anew/);
});

test('stripe: too old is stale_timestamp; the same request twice is refused as a replay', async () => {
  const { url } = await make('stripe', '--verify', 'stripe', '--secret', 'whsec_x');
  const body = '{"type":"invoice.paid"}';
  const at = (t, secret = 'whsec_x') => curl(url, { body, headers: { 'stripe-signature': `t=${t},v1=${hmac(secret, `${t}.${body}`)}` } });
  const t = now();
  assert.equal((await at(t)).status, 202);
  assertRefused(await at(t), 401, 'stale_timestamp');
  assert.equal((await at(t - 1)).status, 202);
  assertRefused(await at(t - 301), 401, 'stale_timestamp');
  assertRefused(await at(t, 'whsec_y'), 401, 'bad_signature');
});

test('a signed delivery that was refused for what it says may come again as it was', async () => {
  const { url } = await make('retried', '--verify', 'stripe', '--secret', 'whsec_r', '--schema', '{"required":["amount"]}');
  const t = Math.floor(Date.now() / 1000);
  const body = '{"id":"evt_r"}';
  const again = () => curl(url, { body, headers: { 'stripe-signature': `t=${t},v1=${hmac('whsec_r', `${t}.${body}`)}` } });
  assert.equal((await again()).status, 422);
  assert.equal((await again()).status, 422);
  await gateway.ok('trigger', 'set', 'retried', '--unset', 'schema');
  assert.equal((await again()).status, 202);
  assertRefused(await again(), 401, 'stale_timestamp');
});

test('a delivery with an id of its own may come again as it was; under another id it is a replay', async () => {
  const { url } = await make('standard', '--verify', 'standard-webhooks', '--secret', `whsec_${Buffer.from('0123456789abcdef').toString('base64')}`);
  const body = '{"a":1}', t = String(now());
  const signature = `v1,${hmac('0123456789abcdef', `msg_1.${t}.${body}`, 'base64')}`;
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': t, 'webhook-signature': signature };
  assert.equal((await curl(url, { body, headers })).status, 202);
  assert.ok((await curl(url, { body, headers })).status < 300);
  assertRefused(await curl(url, { body, headers: { ...headers, 'idempotency-key': 'another' } }), 401, 'stale_timestamp');
});

test('two secrets are live: as made, and after a rotation', async () => {
  const { url } = await make('two', '--verify', 'github', '--secret', 'older', '--secret', 'oldest');
  const send = (secret) => curl(url, { body: '{}', headers: { 'x-hub-signature-256': `sha256=${hmac(secret, '{}')}` } });
  assert.equal((await send('older')).status, 202);
  assert.equal((await send('oldest')).status, 202);
  const rotated = await penstock(['trigger', 'rotate-secret', 'two', '--url', gateway.adminUrl, '--data', gateway.data], { input: 'newest\n' });
  assert.equal(rotated.code, 0, rotated.stderr);
  assert.equal((await send('newest')).status, 202);
  assert.equal((await send('older')).status, 202);
  assertRefused(await send('oldest'), 401, 'bad_signature');
  const shown = await gateway.ok('trigger', 'show', 'two', '--json');
  assert.equal(JSON.parse(shown).secrets.length, 2);
  for (const secret of ['newest', 'older']) assert.ok(!shown.includes(`"${secret}"`));
  await gateway.ok('secret', 'rekey');
  assert.equal((await send('newest')).status, 202);
  await gateway.crash();
  assert.equal((await send('newest')).status, 202);
});

test('a free-form hmac, and settings that make no sense are refused with a reason', async () => {
  const { url } = await make('form', '--verify', 'hmac', '--secret', 'k', '--signature-header', 'X-Sig',
    '--algorithm', 'sha512', '--encoding', 'base64', '--prefix', 'v1=', '--signed', '{timestamp}.{body}', '--timestamp-header', 'x-time');
  const t = String(now());
  const headers = { 'x-sig': `v1=${hmac('k', `${t}.{}`, 'base64', 'sha512')}`, 'x-time': t };
  assert.equal((await curl(url, { body: '{}', headers })).status, 202);
  assertRefused(await curl(url, { body: '[]', headers }), 401, 'bad_signature');
  for (const [flags, why] of [[['--verify', 'githup', '--secret', 's'], /github/], [['--verify', 'github'], /secret/],
    [['--secret', 's'], /verify/], [['--verify', 'hmac', '--secret', 's', '--algorithm', 'md5'], /md5/],
    [['--allow-address', '1.2.3'], /1\.2\.3/], [['--jwks-url', 'ftp://x'], /https/], [['--jwt-secret', 'short'], /jwt_secret/]]) {
    const done = await gateway.cli('trigger', 'create', 'wrong', '--workflow', 'echo', ...flags);
    assert.equal(done.code, 1, flags.join(' '));
    assert.match(done.stderr, why);
  }
});

test('handshakes are answered live', async () => {
  const slack = await make('slack', '--verify', 'slack', '--secret', 'slack-secret');
  const hello = '{"token":"x","challenge":"3eZbrw1aB","type":"url_verification"}', t = String(now());
  const signed = { 'x-slack-request-timestamp': t, 'x-slack-signature': `v0=${hmac('slack-secret', `v0:${t}:${hello}`)}` };
  const answer = await curl(slack.url, { body: hello, headers: signed });
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '3eZbrw1aB');
  assertRefused(await curl(slack.url, { body: hello }), 401, 'bad_signature');
  const plain = await make('slack-first');
  assert.equal((await curl(plain.url, { body: hello })).text, '3eZbrw1aB');

  const zoom = await make('zoom', '--verify', 'zoom', '--secret', 'zoom-secret');
  const validation = '{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680,"event":"endpoint.url_validation"}';
  const zoomSigned = { 'x-zm-request-timestamp': t, 'x-zm-signature': `v0=${hmac('zoom-secret', `v0:${t}:${validation}`)}` };
  assert.deepEqual((await curl(zoom.url, { body: validation, headers: zoomSigned })).json(),
    { plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken: hmac('zoom-secret', 'qgg8vlvZRS6UYooatFL8Aw') });

  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const discord = await make('discord', '--verify', 'discord', '--secret', raw);
  const ping = '{"type":1}';
  const pinged = { 'x-signature-timestamp': t, 'x-signature-ed25519': crypto.sign(null, Buffer.from(t + ping), privateKey).toString('hex') };
  assert.deepEqual((await curl(discord.url, { body: ping, headers: pinged })).json(), { type: 1 });
  assertRefused(await curl(discord.url, { body: ping, headers: { ...pinged, 'x-signature-ed25519': '00'.repeat(64) } }), 401, 'bad_signature');

  const meta = await make('meta', '--verify', 'meta', '--secret', 'app-secret', '--verify-token', 'my-token');
  const query = '?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=';
  assert.equal((await curl(`${meta.url}${query}my-token`)).text, '1158201444');
  assert.equal((await curl(`${meta.url}${query}wrong`)).status, 403);

  const events = await curl(plain.url, { method: 'OPTIONS', headers: { 'webhook-request-origin': 'eventemitter.example.com', 'webhook-request-rate': '120' } });
  assert.equal(events.status, 200);
  assert.equal(events.headers['webhook-allowed-origin'], 'eventemitter.example.com');
  assert.ok(events.headers['webhook-allowed-rate']);
  assert.match(events.headers.allow, /POST/);
  assert.equal((await gateway.api('/v1/events?trigger=slack')).json().events?.length ?? 0, 0);
});

test('two keys are live, their uses are counted, and one can be ended', async () => {
  const { url, api_key: first } = await make('keys', '--require-key');
  const second = JSON.parse(await gateway.ok('trigger', 'rotate-key', 'keys', '--json')).api_key;
  const send = (key) => curl(url, { body: '{}', headers: { 'x-api-key': key } });
  for (let i = 0; i < 3; i++) assert.equal((await send(first)).status, 202);
  assert.equal((await send(second)).status, 202);
  const keys = JSON.parse(await gateway.ok('trigger', 'show', 'keys', '--json')).keys;
  assert.deepEqual(keys.map((k) => k.uses), [3, 1]);
  assert.ok(keys[0].last_used_at);
  await gateway.ok('trigger', 'revoke-key', 'keys');
  assertRefused(await send(first), 401, 'unauthorized');
  assert.equal((await send(second)).status, 202);
});

test('Basic users may send; guesses are slowed down, and one address does not shut out another', async () => {
  const { url } = await make('basic', '--basic', 'ann=correct horse', '--basic', 'bob=battery staple');
  const send = (user, password, from = '203.0.113.7') => curl(url, { body: '{}', headers: {
    'x-forwarded-for': from, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } });
  assert.equal((await send('ann', 'correct horse')).status, 202);
  assert.equal((await send('bob', 'battery staple')).status, 202);
  const bad = await send('ann', 'battery staple');
  assertRefused(bad, 401, 'unauthorized');
  assert.ok((await curl(url, { body: '{}' })).status === 401);
  let limited;
  for (let i = 0; i < 30 && !limited; i++) {
    const answer = await send('ann', `guess ${i}`);
    if (answer.status === 429) limited = answer;
  }
  assertRefused(limited, 429, 'rate_limited');
  assert.ok(Number(limited.headers['retry-after']) > 0);
  assert.equal((await send('ann', 'correct horse')).status, 429);
  assert.equal((await send('ann', 'correct horse', '203.0.113.8')).status, 202);
  assert.ok(!(await gateway.ok('trigger', 'show', 'basic', '--json')).includes('horse'));
});

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
function token(alg, key, claims, kid) {
  const text = `${b64({ alg, typ: 'JWT', ...(kid ? { kid } : {}) })}.${b64({ exp: now() + 60, ...claims })}`;
  const signature = alg === 'HS256' ? hmac(key, text, 'base64url')
    : alg === 'RS256' ? crypto.sign('sha256', Buffer.from(text), key).toString('base64url')
      : alg === 'ES256' ? crypto.sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
        : crypto.sign(null, Buffer.from(text), key).toString('base64url');
  return `${text}.${signature}`;
}
const bearer = (url, jwt) => curl(url, { body: '{}', headers: { authorization: `Bearer ${jwt}` } });

test('tokens: HS256 by a secret, RS256, ES256 and EdDSA by a public key', async () => {
  const secret = 'a-jwt-secret-of-some-length';
  const { url } = await make('jwt', '--jwt-secret', secret, '--jwt-issuer', 'me', '--jwt-audience', 'you');
  const claims = { iss: 'me', aud: ['you', 'others'] };
  assert.equal((await bearer(url, token('HS256', secret, claims))).status, 202);
  for (const wrong of [token('HS256', 'another-secret-of-some-length', claims), token('HS256', secret, { ...claims, iss: 'x' }),
    token('HS256', secret, { ...claims, exp: now() - 120 }), 'a.b.c', '']) {
    assertRefused(await bearer(url, wrong), 401, 'unauthorized');
  }
  for (const [alg, type, options] of [['RS256', 'rsa', { modulusLength: 2048 }], ['ES256', 'ec', { namedCurve: 'P-256' }], ['EdDSA', 'ed25519', {}]]) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync(type, options);
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const made = await make(alg.toLowerCase(), '--jwt-public-key', pem);
    assert.equal((await bearer(made.url, token(alg, privateKey, {}))).status, 202, alg);
    // The public key is no HMAC secret.
    assertRefused(await bearer(made.url, token('HS256', pem, {})), 401, 'unauthorized');
  }
});

test('a published key set is fetched, never from a private address, and no stranger makes us fetch it', async () => {
  const pairs = {};
  let published = [], fetched = 0;
  const add = (kid) => {
    pairs[kid] = crypto.generateKeyPairSync('ed25519');
    published.push({ ...pairs[kid].publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' });
  };
  add('one');
  const server = http.createServer((_, answer) => { fetched++; answer.end(JSON.stringify({ keys: published })); });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { url } = await make('jwks', '--jwks-url', `http://127.0.0.1:${server.address().port}/keys`);
    const send = (kid, pair = pairs[kid]) => bearer(url, token('EdDSA', pair.privateKey, {}, kid));
    assert.equal((await send('one')).status, 202);
    assertRefused(await send('two', crypto.generateKeyPairSync('ed25519')), 401, 'unauthorized');
    const count = fetched;
    for (let i = 0; i < 5; i++) assertRefused(await send(`guess-${i}`, pairs.one), 401, 'unauthorized');
    assert.ok(fetched <= count + 1, 'a stranger does not make us fetch');
    const private_ = await make('jwks-private', '--jwks-url', 'http://10.0.0.1/keys');
    assertRefused(await bearer(private_.url, token('EdDSA', pairs.one.privateKey, {}, 'one')), 401, 'unauthorized');
    assert.match(gateway.logText(), /no public address/);
  } finally {
    server.close();
  }
});

test('only the addresses that are allowed may send, as the proxy in front tells them', async () => {
  const { url } = await make('addresses', '--allow-address', '192.0.2.0/24', '--allow-address', '2001:db8::/32');
  const from = (address) => curl(url, { body: '{}', headers: { 'x-forwarded-for': address } });
  for (const good of ['192.0.2.9', '2001:db8::1', '6.6.6.6, 192.0.2.1']) assert.equal((await from(good)).status, 202, good);
  for (const bad of ['192.0.3.1', '2001:db9::1', '192.0.2.1, 6.6.6.6']) assertRefused(await from(bad), 403, 'address_refused');
  assertRefused(await curl(url, { body: '{}' }), 403, 'address_refused');
});

test('wrong tokens for the operators are slowed down; the right one is let in at any time', async () => {
  let last;
  for (let i = 0; i < 25; i++) last = await curl(`${gateway.adminUrl}/v1/stats`, { headers: { authorization: `Bearer wrong-${i}` } });
  assertRefused(last, 429, 'rate_limited');
  assert.ok(Number(last.headers['retry-after']) > 0);
  assert.equal((await gateway.api('/v1/stats')).status, 200);
});
