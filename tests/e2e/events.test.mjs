// Events between workflows, on the real programs: emit and listen, starts by event and by clock,
// signals, and what a kill -9 in between may not change.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, sleep, until } from './lib/gateway.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start();
});
after(() => gateway.clear());

const document = (name) => `document: { dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0' }\n`;

async function apply(name, rest) {
  const file = path.join(gateway.folder, `${name}.yaml`);
  fs.writeFileSync(file, document(name) + rest);
  return gateway.ok('workflow', 'apply', file);
}

const post = async (url, body) => (await curl(url, { body: JSON.stringify(body) })).json();
const status = async (id) => (await curl(`${gateway.url}/v1/runs/${id}`)).json();
const result = async (id, wait = 20) => (await curl(`${gateway.url}/v1/runs/${id}/result?wait=${wait}`)).json();
const waits = (id) => until('the run listens, parked', async () => (await status(id)).status === 'waiting', 15_000);
const runsOf = async (workflow) =>
  (await gateway.api('/v1/events?limit=200')).json().events.filter((row) => row.workflow === workflow);

async function killAndRestart() {
  gateway.child.kill('SIGKILL');
  await gateway.ended;
  gateway.spawn();
  await gateway.waitReady();
}

test('what one workflow emits, another one hears, by correlation, across a kill -9', async () => {
  const listener = await gateway.flow('order', `
  - paid:
      listen:
        to:
          one:
            with: { type: com.shop.paid }
            correlate:
              order: { from: .data.order, expect: '\${ .order }' }
  - answer: { set: '\${ {paid: .[0].amount} }' }`);
  const payer = await gateway.flow('payer', `
  - tell:
      emit: { event: { with: { type: com.shop.paid, source: https://shop.example, data: '\${ . }' } } }`);
  const first = await post(listener.url, { order: 'a' });
  const second = await post(listener.url, { order: 'b' });
  await waits(first.id);
  await waits(second.id);
  await killAndRestart();
  assert.equal((await status(first.id)).status, 'waiting');
  const told = await post(payer.url, { order: 'b', amount: 12345678901234567890 });
  const event = await result(told.id);
  assert.equal(event.type, 'com.shop.paid');
  assert.equal(event.specversion, '1.0');
  assert.deepEqual(await result(second.id), { paid: 12345678901234567890 });
  assert.notEqual((await status(first.id)).status, 'succeeded');
  await post(payer.url, { order: 'a', amount: 1 });
  assert.deepEqual(await result(first.id), { paid: 1 });
});

test('a listener that wants several keeps what came before a kill -9', async () => {
  const listener = await gateway.flow('several', `
  - both:
      listen:
        to:
          all:
            - with: { type: part.one }
            - with: { type: part.two }`);
  await gateway.flow('part', `
  - tell: { emit: { event: { with: { type: '\${ .type }', source: /test, data: { n: '\${ .n }' } } } } }`);
  const parts = JSON.parse(await gateway.ok('trigger', 'show', 'part', '--json'));
  const run = await post(listener.url, {});
  await waits(run.id);
  await result((await post(parts.url, { type: 'part.two', n: 2 })).id);
  await waits(run.id);
  await killAndRestart();
  await result((await post(parts.url, { type: 'part.one', n: 1 })).id);
  assert.deepEqual(await result(run.id), [{ n: 2 }, { n: 1 }]);
});

test('a delivery is an event: it starts what its type starts, and wakes who listens for it', async () => {
  await apply('on-push', `
schedule:
  on: { one: { with: { type: repo.push } } }
  read: envelope
do:
  - out: { set: '\${ {type: .[0].type, trigger: .[0].trigger, source: .[0].source, n: .[0].data.n, header: .[0].xmark} }' }
`);
  const trigger = await gateway.flow('repo', '  - out: { set: { ok: true } }');
  await gateway.api('/v1/triggers/repo', { method: 'PATCH', body: '{"event_type":"repo.push"}' });
  await curl(trigger.url, { body: '{"n":7}', headers: { 'x-mark': 'm' } });
  const [run] = await until('the event starts a run', async () => {
    const rows = await runsOf('on-push');
    return rows.length > 0 && rows;
  });
  assert.deepEqual(await result(run.id), { type: 'repo.push', trigger: 'repo', source: '/triggers/repo', n: 7, header: 'm' });
});

test('a start on all waits for each, by conditions and correlation, across a kill -9', async () => {
  await apply('pair', `
schedule:
  on:
    all:
      - with: { type: pair.left, data: '\${ .n > 0 }' }
        correlate: { key: { from: .data.key } }
      - with: { type: pair.right }
        correlate: { key: { from: .data.key } }
do:
  - out: { set: { got: '\${ . }' } }
`);
  const parts = await gateway.flow('pairs', `
  - tell: { emit: { event: { with: { type: '\${ .type }', source: /test, data: '\${ .data }' } } } }`);
  const tell = async (type, data) => result((await post(parts.url, { type, data })).id);
  await tell('pair.left', { key: 'x', n: 0 });   // does not fit
  await tell('pair.left', { key: 'x', n: 1 });
  await tell('pair.right', { key: 'y' });
  await sleep(300);
  await killAndRestart();
  assert.equal((await runsOf('pair')).length, 0);
  await tell('pair.right', { key: 'x' });
  const [run] = await until('both are there', async () => {
    const rows = await runsOf('pair');
    return rows.length > 0 && rows;
  });
  assert.deepEqual(await result(run.id), { got: [{ key: 'x', n: 1 }, { key: 'x' }] });
  await sleep(300);
  assert.equal((await runsOf('pair')).length, 1);
});

test('every starts runs by the clock, one a tick, until the workflow goes', async () => {
  await apply('tick', `
schedule: { every: { milliseconds: 500 } }
do:
  - out: { set: { ok: true } }
`);
  const shown = (await gateway.api('/v1/workflows/tick')).json();
  assert.equal(shown.schedule.every_ms, 500);
  assert.ok(Date.parse(shown.schedule.next_at) > Date.now() - 1000);
  await until('three ticks', async () => (await runsOf('tick')).length >= 3);
  await killAndRestart();
  const before = (await runsOf('tick')).length;
  await until('it goes on', async () => (await runsOf('tick')).length >= before + 2);
  await gateway.ok('workflow', 'delete', 'tick');
  const rows = await runsOf('tick');
  const times = rows.map((row) => Date.parse(row.created_at)).sort((a, b) => a - b);
  for (let i = 1; i < times.length; i++) assert.ok(times[i] - times[i - 1] > 100, `two at once: ${times}`);
  await sleep(1200);
  assert.equal((await runsOf('tick')).length, rows.length);
});

test('cron starts runs, shows when, and a wrong one is refused with what is wrong', async () => {
  await apply('crony', `
schedule: { cron: '* * * * * *' }
do:
  - out: { set: { ok: true } }
`);
  await until('two seconds', async () => (await runsOf('crony')).length >= 2);
  assert.match(await gateway.ok('workflow', 'list'), /crony\s.*\d\d:\d\d:\d\d/);
  await gateway.ok('workflow', 'delete', 'crony');
  const refused = await gateway.api('/v1/workflows', {
    body: `${document('wrong')}schedule: { cron: 'TZ=Mars/Olympus 61 * * * *' }\ndo:\n  - out: { set: { ok: true } }\n`,
    headers: { 'content-type': 'application/yaml' },
  });
  assert.equal(refused.status, 422);
  assert.match(refused.json().detail, /'61' is no minute/);
});

test('after starts the next run when the one before has ended', async () => {
  await apply('chain', `
schedule: { after: { milliseconds: 300 } }
do:
  - rest: { wait: { milliseconds: 200 } }
`);
  await until('three in a chain', async () => (await runsOf('chain')).length >= 3);
  await gateway.ok('workflow', 'delete', 'chain');
  const rows = (await runsOf('chain')).sort((a, b) => a.id.localeCompare(b.id));
  for (let i = 1; i < rows.length; i++)
    assert.ok(Date.parse(rows[i].created_at) >= Date.parse(rows[i - 1].finished_at) + 250);
});

test('a signal reaches the run that waits for it, and no other', async () => {
  const flow = await gateway.flow('approval', `
  - ask:
      listen: { to: { any: [ { with: { type: penstock.signal.approve } }, { with: { type: penstock.signal.reject } } ] } }
  - out: { set: '\${ .[0] }' }`);
  const run = await post(flow.url, {});
  const other = await post(flow.url, {});
  await waits(run.id);
  const address = `${gateway.url}/v1/runs/${run.id}/signals`;
  const shown = await status(run.id);
  assert.deepEqual(shown.signals.map((one) => one.name).sort(), ['approve', 'reject']);
  const unknown = await curl(`${address}/nothing`, { body: '{}' });
  assert.equal(unknown.status, 409);
  assert.equal(unknown.json().code, 'not_listening');
  const forged = await curl(`${address}/approve?token=${'0'.repeat(40)}`, { body: '{}' });
  assert.equal(forged.status, 401);
  const approve = shown.signals.find((one) => one.name === 'approve').url;
  const sent = await curl(approve, { body: '{"by":"ann"}' });
  assert.equal(sent.status, 202, sent.text);
  assert.deepEqual(await result(run.id), { by: 'ann' });
  const late = await curl(approve, { body: '{}' });
  assert.equal(late.status, 409);
  assert.equal(late.json().code, 'conflict');
  const missing = await curl(`${gateway.url}/v1/runs/01890a5d-ac96-774b-bcce-b302099a8057/signals/approve`, { body: '{}' });
  assert.equal(missing.status, 404);
  assert.equal(missing.json().code, 'unknown_run');
  assert.notEqual((await status(other.id)).status, 'succeeded');
  await curl(`${gateway.url}/v1/runs/${other.id}/cancel`, { method: 'POST', body: '{}' });
});

test('an executor that dies costs a listener nothing', async () => {
  const flow = await gateway.flow('steady', `
  - collect:
      listen:
        to:
          any: [ { with: { type: steady.item } } ]
          until: '\${ length >= 5 }'`);
  const teller = await gateway.flow('teller', `
  - tell: { emit: { event: { with: { type: steady.item, source: /test, data: '\${ .n }' } } } }`);
  const run = await post(flow.url, {});
  await until('it runs', async () => ['running', 'waiting'].includes((await status(run.id)).status));
  await waits(run.id);
  for (let n = 1; n <= 5; n++) {
    await result((await post(teller.url, { n })).id);
    if (n === 2) {
      const [{ pid }] = (await gateway.api('/v1/executors')).json().executors;
      process.kill(pid, 'SIGKILL');
    }
  }
  assert.deepEqual(await result(run.id, 40), [1, 2, 3, 4, 5]);
});

test('the books balance', async () => {
  const s = await gateway.stats();
  assert.equal(s.accepted, s.captured + s.queued + s.running + s.waiting + s.succeeded + s.failed + s.cancelled + s.dead);
});
