// TLS on the senders' listener, as curl sees it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { curl, run } from './lib/curl.mjs';
import { Gateway, echo, sleep, tempFolder, until } from './lib/gateway.mjs';

const folder = tempFolder();
const cert = path.join(folder, 'cert.pem'), key = path.join(folder, 'key.pem');
let gateway;

async function makeCertificate(name) {
  const done = await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', key, '-out', cert, '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']);
  assert.equal(done.code, 0, done.stderr);
}

before(async () => {
  await makeCertificate('first');
  gateway = await Gateway.start({ args: ['--tls-cert', cert, '--tls-key', key] });
});
after(async () => {
  await gateway.clear();
  fs.rmSync(folder, { recursive: true });
});

test('a webhook and its reply go over TLS', async () => {
  const trigger = await gateway.flow('tls', echo, '--reply');
  assert.match(trigger.url, /^https:/);
  const reply = await curl(trigger.url, { body: '{"secure":true}', args: ['--cacert', cert] });
  assert.equal(reply.text, '{"secure":true}');
  const large = JSON.stringify({ filler: 'x'.repeat(500_000) });
  assert.equal((await curl(trigger.url, { body: large, args: ['--cacert', cert] })).text, large);
});

test('a client that does not trust the certificate gets nothing', async () => {
  const refused = await curl(`${gateway.url}/livez`);
  assert.equal(refused.curlCode, 60);
});

test('TLS 1.1 is refused, 1.2 and 1.3 are spoken', async () => {
  const answer = (args) => curl(`${gateway.url}/livez`, { args: ['--cacert', cert, ...args] });
  assert.notEqual((await answer(['--tls-max', '1.1', '--ciphers', 'DEFAULT@SECLEVEL=0'])).curlCode, 0);
  assert.equal((await answer(['--tls-max', '1.2'])).status, 200);
  assert.equal((await answer(['--tlsv1.3'])).status, 200);
});

test('plain HTTP to the TLS port is no answer, and harms nobody', async () => {
  const plain = await curl(`http://127.0.0.1:${gateway.port}/livez`);
  assert.notEqual(plain.status, 200);
  assert.equal((await curl(`${gateway.url}/livez`, { args: ['--cacert', cert] })).status, 200);
});

test('SIGHUP takes a new certificate; a broken one leaves the old in place', async () => {
  const old = fs.readFileSync(cert);
  await makeCertificate('second');
  gateway.child.kill('SIGHUP');
  await until('the new certificate is served', async () =>
    (await curl(`${gateway.url}/livez`, { args: ['--cacert', cert] })).status === 200);
  const good = path.join(folder, 'good.pem');
  fs.copyFileSync(cert, good);
  fs.writeFileSync(cert, 'no certificate');
  gateway.child.kill('SIGHUP');
  await sleep(500);
  assert.equal((await curl(`${gateway.url}/livez`, { args: ['--cacert', good] })).status, 200);
  assert.notEqual(old.toString(), fs.readFileSync(good, 'utf8'));
  fs.copyFileSync(good, cert);
});
