// Start, drain, stop, restart: nothing that got a 2xx is lost on any of these ways.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, echo, patience, penstock, sleep, until, waiting } from './lib/gateway.mjs';

/** A gateway for one test, cleared whatever happens. */
async function withGateway(options, work) {
  const gateway = await Gateway.start(options);
  try {
    await work(gateway);
  } finally {
    await gateway.clear();
  }
}

test('the admin token is made on first start, for its owner only, and stays', () => withGateway({}, async (gateway) => {
  const token = gateway.token;
  assert.ok(token.length >= 30);
  assert.equal(fs.statSync(path.join(gateway.data, 'admin-token')).mode & 0o777, 0o600);
  await gateway.restart();
  assert.equal(gateway.token, token);
}));

test('SIGTERM: readyz says 503, a running call is answered, the exit code is 0', () => withGateway({}, async (gateway) => {
  const trigger = await gateway.flow('slow', waiting(1500), '--reply');
  const reply = curl(trigger.url, { body: '{}' });
  await until('it runs', async () => (await gateway.stats()).accepted === 1);
  gateway.child.kill('SIGTERM');
  await until('readyz says 503', async () => (await curl(`${gateway.url}/readyz`)).status === 503, 1500);
  const answer = await reply;
  assert.ok([200, 202].includes(answer.status), answer.text);
  assert.deepEqual(await gateway.ended, { code: 0, signal: null });
}));

test('while it drains new events are refused with a time to come back', () => withGateway({}, async (gateway) => {
  const slow = await gateway.flow('slow', waiting(2000), '--reply');
  const held = curl(slow.url, { body: '{}' });
  await until('it runs', async () => (await gateway.stats()).accepted === 1);
  gateway.child.kill('SIGTERM');
  const refused = await until('it refuses', async () => {
    const answer = await curl(slow.url, { body: '{}' });
    return answer.status === 503 && answer;
  }, 1500);
  assert.equal(refused.json().code, 'draining');
  assert.equal(refused.json().retryable, true);
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  await held;
  assert.equal((await gateway.ended).code, 0);
}));

test('a second SIGTERM ends it at once', () => withGateway({}, async (gateway) => {
  const trigger = await gateway.flow('long', waiting(30_000), '--reply');
  const held = curl(trigger.url, { body: '{}' });
  await until('it runs', async () => (await gateway.stats()).accepted === 1);
  const begin = Date.now();
  gateway.child.kill('SIGTERM');
  await sleep(300);
  gateway.child.kill('SIGTERM');
  await gateway.ended;
  assert.ok(Date.now() - begin < 5000 * patience);
  await held;
}));

test('a restart keeps workflows, triggers, events and results', () => withGateway({}, async (gateway) => {
  const trigger = await gateway.flow('keeps', echo, '--reply');
  const asleep = await gateway.trigger('asleep', '--workflow', 'keeps', '--inactive');
  const first = await curl(trigger.url, { body: '{"before":1}', headers: { prefer: 'respond-async' } });
  await curl(asleep.url, { body: '{}' });
  await gateway.ended_run(first.json().id);
  const before = await gateway.stats();
  assert.equal((await gateway.restart()).code, 0);
  const after = await gateway.stats();
  for (const state of Object.keys(before).filter((k) => typeof before[k] === 'number' && k !== 'waiting')) {
    if (['accepted', 'captured', 'succeeded', 'failed', 'cancelled', 'dead'].includes(state)) {
      assert.equal(after[state], before[state], state);
    }
  }
  assert.equal(await gateway.ok('run', 'result', first.json().id), '{"before":1}');
  assert.equal((await curl(trigger.url, { body: '{"after":1}' })).text, '{"after":1}');
  assert.equal((await curl(asleep.url, { body: '{}' })).json().status, 'captured');
}));

test('a run that waits goes on after a restart', () => withGateway({}, async (gateway) => {
  const trigger = await gateway.flow('waits', waiting(3000));
  const { id } = (await curl(trigger.url, { body: '{}' })).json();
  await until('it waits', async () => ['running', 'waiting'].includes((await gateway.run(id)).json().status));
  await gateway.crash();
  assert.equal((await gateway.ended_run(id)).status, 'succeeded');
  assert.equal(await gateway.ok('run', 'result', id), '{"waited":true}');
}));

test('two gateways cannot have one data folder', () => withGateway({}, async (gateway) => {
  const second = await penstock(['serve', '--data', gateway.data, '--listen', '127.0.0.1:0',
    '--admin-listen', '127.0.0.1:0'], { timeoutMs: 20_000 });
  assert.equal(second.code, 1);
  assert.match(second.stderr, /data/);
  assert.equal((await curl(`${gateway.url}/livez`)).status, 200);
}));

test('a port that is taken is said with its address', () => withGateway({}, async (gateway) => {
  const second = await penstock(['serve', '--data', path.join(gateway.folder, 'other'), '--listen',
    `127.0.0.1:${gateway.port}`, '--admin-listen', '127.0.0.1:0'], { timeoutMs: 20_000 });
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`127.0.0.1:${gateway.port}`));
}));

test('an executor that is killed comes back and its run goes on', () => withGateway({}, async (gateway) => {
  const trigger = await gateway.flow('survives', waiting(2000));
  const { id } = (await curl(trigger.url, { body: '{}' })).json();
  await until('it runs', async () => ['running', 'waiting'].includes((await gateway.run(id)).json().status));
  for (const pid of executorsOf(gateway.child.pid)) process.kill(pid, 'SIGKILL');
  assert.equal((await gateway.ended_run(id)).status, 'succeeded');
  assert.equal((await curl(`${gateway.adminUrl}/readyz`)).status, 200);
}));

test('no executor is left behind when the gateway is killed', () => withGateway({}, async (gateway) => {
  const pids = executorsOf(gateway.child.pid);
  assert.ok(pids.length >= 1);
  await gateway.stop('SIGKILL');
  await until('they are gone', () => pids.every((pid) => !fs.existsSync(`/proc/${pid}`) || state(pid) === 'Z'));
}));

test('logs are one JSON object a line when stderr is no terminal', () => withGateway({}, async (gateway) => {
  await gateway.stop();
  const lines = gateway.logText().trim().split('\n');
  assert.ok(lines.length >= 2);
  for (const line of lines) {
    const entry = JSON.parse(line);
    assert.match(entry.time, /^\d{4}-\d\d-\d\dT/);
    assert.ok(['debug', 'info', 'warn', 'error'].includes(entry.level), line);
    assert.equal(typeof entry.message, 'string');
  }
}));

function state(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1][0];
  } catch {
    return 'Z';
  }
}

/** The executor processes below a gateway, by /proc. */
function executorsOf(parent) {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      const ppid = Number(fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
      return ppid === parent && fs.readlinkSync(`/proc/${pid}/exe`).includes('penstock-executor');
    } catch {
      return false;
    }
  }).map(Number);
}
