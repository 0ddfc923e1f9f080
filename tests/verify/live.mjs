// Every sender's own library signs and sends to a live gateway: let in; one byte changed, a wrong
// secret, an old timestamp, the same request again: refused, each with the right code.
//
//   node tests/verify/live.mjs
import { Client } from '../e2e/lib/http.mjs';
import { Gateway } from '../e2e/lib/gateway.mjs';
import { senders } from './senders.mjs';

const publicUrl = 'https://hooks.example.com/in';
const payload = '{"id":"evt_1","type":"invoice.paid","data":{"name":"Zoë / \\u00e9","n":1.10}}';
const client = new Client();
const gateway = await Gateway.start({ args: ['--public-url', publicUrl] });
await gateway.workflow('nothing', '  - nothing: { set: { done: true } }');
let passed = 0, failed = 0;

const check = (name, good, detail) => {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${name}: ${JSON.stringify(detail)}`);
  }
};

/** Sends what was signed for the public URL to where the gateway listens. */
const send = async (request) => {
  const url = gateway.url + request.url.slice(publicUrl.length);
  const headers = { 'content-type': 'application/json', ...request.headers };
  const answer = await client.request(url, { method: 'POST', body: request.body, headers });
  const text = answer.body.toString();
  let code;
  try { code = JSON.parse(text).code; } catch { /* a handshake's answer */ }
  return { status: answer.status, code, copy: answer.headers['penstock-duplicate'], text };
};

const expect = async (name, request, code) => {
  const got = await send(request);
  check(name, code ? got.code === code : got.status === 202 && !got.copy, got);
  return got;
};

const signed = async (sender, path, secret, at, body) => {
  const query = sender.url?.split('?')[1];
  const request = { method: 'POST', url: publicUrl + path + (query ? `?${query}` : ''),
                    body: body ?? sender.body ?? payload, headers: { ...sender.headers } };
  await sender.sign(request, secret, at);
  return request;
};

const changed = (sender, request) => {
  const change = sender.change ?? ((body) => body.replace(/[a-z](?=[^a-z]*$)/, 'Q'));
  return { ...request, body: change(request.body) };
};

/** Signatures over a form hold whether or not the gateway reads forms as events. */
const plain = await gateway.trigger('plain', '--workflow', 'nothing');
const form = { url: plain.url, body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
const takesForms = (await send(form)).status === 202;
const isForm = (sender) => sender.headers?.['content-type']?.includes('form') ?? false;

/** Those whose signatures are made for one fixed URL are tried offline only (run.mjs). */
const live = senders.filter((sender) => sender.preset !== 'plivo' && sender.preset !== 'plivo-v2');

for (const [index, sender] of live.entries()) {
  const name = sender.name ?? sender.preset;
  const flags = ['--workflow', 'nothing', '--verify', sender.preset, '--secret', sender.secret];
  const made = await gateway.trigger(`t-${index}`, ...flags);
  const path = made.url.slice(publicUrl.length);
  const now = Math.floor(Date.now() / 1000);
  const request = await signed(sender, path, sender.secret, now);
  await expect(`${name}: let in`, request, takesForms || !isForm(sender) ? undefined : 'unsupported_media_type');
  await expect(`${name}: wrong secret`, await signed(sender, path, sender.wrongSecret, now), 'bad_signature');
  if (!sender.unsignedBody)
    await expect(`${name}: one byte changed`, changed(sender, request), 'bad_signature');
  const bare = { ...request, headers: { ...sender.headers } };
  const inHeader = Object.keys(request.headers).length > Object.keys(bare.headers).length;
  if (inHeader) await expect(`${name}: no signature`, bare, 'bad_signature');
  if (sender.tolerance !== undefined) {
    const old = await signed(sender, path, sender.secret, now - sender.tolerance - 10);
    await expect(`${name}: too old`, old, 'stale_timestamp');
    const again = await send(request);
    // The delivery's own id makes a copy of it; without one it is a replay.
    check(`${name}: the same again`, again.code === 'stale_timestamp' || again.status < 300, again);
    const named = Object.keys(request.headers).some((header) => /-id$/.test(header));
    if (!named) check(`${name}: a replay is refused`, again.code === 'stale_timestamp', again);
  }
}

const text = gateway.logText() + await gateway.ok('trigger', 'list', '--json');
for (const { secret, preset } of live)
  if (secret.length > 8 && !['discord', 'sendgrid'].includes(preset))
    check(`${preset}: the secret is nowhere to be seen`, !text.includes(secret), {});

client.close();
await gateway.clear();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
