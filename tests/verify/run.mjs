// Every sender's own library signs; `penstock verify` must agree with the sender's own verifier:
// good, one byte changed, wrong secret, old, from the future, header missing, signature cut.
//
//   node tests/verify/run.mjs [PATH OF penstock]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { senders } from './senders.mjs';

const program = process.argv[2] ?? process.env.PENSTOCK ?? 'build/release/bin/penstock';
const folder = mkdtempSync(join(tmpdir(), 'penstock-verify-'));
const now = 1_790_000_000;
const payload = '{"id":"evt_1","type":"invoice.paid","data":{"name":"Zoë / \\u00e9","n":1.10}}';
let passed = 0, failed = 0;

/** The senders' libraries read the clock themselves. */
const RealDate = Date;
const at = async (seconds, work) => {
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [seconds * 1000]));
    }
    static now() {
      return seconds * 1000;
    }
  };
  try {
    return await work();
  } finally {
    globalThis.Date = RealDate;
  }
};

const ours = (preset, secrets, request, seconds) => {
  const file = join(folder, 'body');
  writeFileSync(file, request.body);
  const flags = ['verify', '--json', '--preset', preset, '--at', String(seconds),
                 '--method', request.method, '--url', request.url, '--body', `@${file}`];
  for (const secret of secrets) flags.push('--secret', secret);
  for (const [name, value] of Object.entries(request.headers)) flags.push('--header', `${name}: ${value}`);
  const run = spawnSync(program, flags, { encoding: 'utf8' });
  if (run.error) throw run.error;
  const leaked = secrets.some((s) => s.length > 8 && (run.stdout + run.stderr).includes(s));
  return { exit: run.status, leaked, verdict: run.stdout ? JSON.parse(run.stdout) : {} , stderr: run.stderr };
};

const check = (name, good, detail) => {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${name}: ${JSON.stringify(detail)}`);
  }
};

/** Ours must say `reason`; theirs must agree, where it is asked. */
const expect = async (name, sender, secrets, request, seconds, reason, theirs = true) => {
  const got = ours(sender.preset, secrets, request, seconds);
  const accepted = reason === 'valid';
  check(name, got.exit === (accepted ? 0 : 1) && got.verdict.reason === reason && !got.leaked, got);
  if (!theirs) return;
  const said = await at(seconds, () => sender.accepts(request, secrets[0]));
  check(`${name} (the sender's own verifier agrees)`, said === accepted, { said });
};

const signed = async (sender, secret, seconds) => {
  const request = { method: 'POST', url: sender.url ?? 'https://example.com/hooks/abc',
                    body: sender.body ?? payload, headers: { ...sender.headers } };
  await sender.sign(request, secret, seconds);
  return request;
};

const changed = (sender, request) => {
  const change = sender.change ?? ((body) => body.replace(/[a-z](?=[^a-z]*$)/, 'Q'));
  return { ...request, body: change(request.body) };
};

const signatureHeader = (request) =>
  Object.keys(request.headers).find((name) => /signature(?!.*(timestamp|nonce|version))/.test(name));

for (const sender of senders) {
  const name = sender.name ?? sender.preset;
  const { secret, wrongSecret, tolerance } = sender;
  const request = await signed(sender, secret, now);
  await expect(`${name}: good`, sender, [secret], request, now, 'valid');
  await expect(`${name}: the older of two secrets`, sender, [wrongSecret, secret], request, now,
               'valid', false);
  await expect(`${name}: wrong secret`, sender, [wrongSecret], request, now, 'bad_signature');
  if (!sender.unsignedBody)
    await expect(`${name}: one byte changed`, sender, [secret], changed(sender, request), now,
                 'bad_signature');
  const header = signatureHeader(request);
  if (header) {
    const { [header]: _, ...headers } = request.headers;
    await expect(`${name}: no signature`, sender, [secret], { ...request, headers }, now,
                 'missing_header', false);
  }
  if (tolerance === undefined) continue;
  await expect(`${name}: just in time`, sender, [secret], request, now + tolerance, 'valid');
  await expect(`${name}: too old`, sender, [secret], request, now + tolerance + 1, 'stale_timestamp');
  await expect(`${name}: from the future`, sender, [secret], request, now - Math.max(60, tolerance) - 1,
               'future_timestamp', false);
}

for (const vector of JSON.parse(readFileSync(new URL('vectors.json', import.meta.url)))) {
  const request = { method: 'POST', url: '', headers: {}, body: '', ...vector.request };
  const got = ours(vector.preset, [].concat(vector.secret), request, vector.at ?? now);
  check(`${vector.name} (${vector.source})`, got.verdict.reason === (vector.reason ?? 'valid'), got);
}

rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
