// The main job: a webhook goes in, a workflow runs, a reply comes out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, echo, waiting } from './lib/gateway.mjs';

let gateway;
before(async () => { gateway = await Gateway.start(); });
after(() => gateway.clear());

const ended = ['succeeded', 'failed', 'cancelled', 'dead'];

test('a webhook is acknowledged with its id, its place and what the 2xx promises', async () => {
  const trigger = await gateway.flow('first', echo);
  const ack = await curl(trigger.url, { body: '{"n":1}' });
  assert.equal(ack.status, 202);
  const { id, status, links } = ack.json();
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(status, 'queued');
  assert.equal(ack.headers.location, `/v1/runs/${id}`);
  assert.equal(ack.headers['penstock-durability'], 'disk');
  assert.equal(links.self, `/v1/runs/${id}`);
  assert.equal(links.result, `/v1/runs/${id}/result`);
  assert.equal(links.cancel, `/v1/runs/${id}/cancel`);
});

test('its run succeeds and its result can be fetched, again and again', async () => {
  const trigger = await gateway.flow('second', echo);
  const { id } = (await curl(trigger.url, { body: '{"a":[1,2.50,"x"]}' })).json();
  const run = await gateway.ended_run(id);
  assert.equal(run.status, 'succeeded');
  assert.equal(run.workflow, 'second');
  assert.equal(run.trigger, 'second');
  assert.ok(run.created_at <= run.started_at && run.started_at <= run.finished_at);
  for (let i = 0; i < 2; i++) {
    const result = await curl(`${gateway.url}/v1/runs/${id}/result`);
    assert.equal(result.status, 200);
    assert.equal(result.text, '{"a":[1,2.50,"x"]}');
    assert.match(result.headers['content-type'], /^application\/json/);
  }
});

test('a held reply is the workflow\'s output', async () => {
  const trigger = await gateway.flow('held', "  - greet: { set: { hello: '${ .name }', n: '${ .n }' } }", '--reply');
  const reply = await curl(trigger.url, { body: '{"name":"Ada","n":9007199254740993}' });
  assert.equal(reply.status, 200);
  assert.equal(reply.text, '{"hello":"Ada","n":9007199254740993}');
});

test('a pending result says 202 and when to come back, a long poll gets it', async () => {
  const trigger = await gateway.flow('pending', waiting(700));
  const { id } = (await curl(trigger.url, { body: '{}' })).json();
  const early = await curl(`${gateway.url}/v1/runs/${id}/result`);
  assert.equal(early.status, 202);
  assert.ok(Number(early.headers['retry-after']) >= 1);
  const begin = Date.now();
  const late = await curl(`${gateway.url}/v1/runs/${id}/result?wait=20`);
  assert.equal(late.status, 200);
  assert.equal(late.text, '{"waited":true}');
  assert.ok(Date.now() - begin < 10_000, 'it came when it was there, not when the wait was over');
});

test('a status long poll answers at the end of the run', async () => {
  const trigger = await gateway.flow('longpoll', waiting(500));
  const { id } = (await curl(trigger.url, { body: '{}' })).json();
  const run = (await gateway.run(id, 20)).json();
  assert.equal(run.status, 'succeeded');
});

test('Prefer: respond-async turns a held reply into 202', async () => {
  const trigger = await gateway.flow('async', echo, '--reply');
  const ack = await curl(trigger.url, { body: '{}', headers: { prefer: 'respond-async' } });
  assert.equal(ack.status, 202);
  assert.equal((await gateway.ended_run(ack.json().id)).status, 'succeeded');
});

test('Prefer: wait holds a reply that the trigger would not hold', async () => {
  const trigger = await gateway.flow('wait', echo);
  const reply = await curl(trigger.url, { body: '{"x":1}', headers: { prefer: 'wait=10' } });
  assert.equal(reply.status, 200);
  assert.equal(reply.text, '{"x":1}');
});

test('a reply that is not ready in time becomes 202, and the same run goes on', async () => {
  const trigger = await gateway.flow('slow', waiting(2500), '--reply');
  const ack = await curl(trigger.url, { body: '{}', headers: { prefer: 'wait=1' } });
  assert.equal(ack.status, 202);
  assert.equal(ack.headers['preference-applied'], 'wait=1');
  assert.ok(Number(ack.headers['retry-after']) >= 1);
  const before = (await gateway.stats()).accepted;
  const run = await gateway.ended_run(ack.json().id);
  assert.equal(run.status, 'succeeded');
  assert.equal((await gateway.stats()).accepted, before);
});

test('a failed workflow is a problem, never 200', async () => {
  const trigger = await gateway.flow('fails', `  - stop:
      raise:
        error: { type: 'https://example.com/errors/teapot', status: 418, title: Short and stout }`, '--reply');
  const reply = await curl(trigger.url, { body: '{}' });
  assert.ok(reply.status >= 400, `status ${reply.status}`);
  assert.match(reply.headers['content-type'], /^application\/problem\+json/);
  const problem = reply.json();
  assert.equal(problem.code, 'workflow_failed');
  assert.equal(typeof problem.retryable, 'boolean');
  assert.match(reply.text, /Short and stout|teapot/);
  const result = await curl(`${gateway.url}/v1/runs/${problem.id}/result`);
  assert.ok(result.status >= 400);
  assert.equal((await gateway.run(problem.id)).json().status, 'failed');
});

test('a caller who hangs up does not end the run', async () => {
  const trigger = await gateway.flow('hangup', waiting(1500), '--reply');
  const cut = await curl(trigger.url, { body: '{}', args: ['--max-time', '0.5'] });
  assert.equal(cut.curlCode, 28);
  const list = JSON.parse(await gateway.ok('event', 'list', '--trigger', 'hangup', '--json'));
  assert.equal(list.events.length, 1);
  assert.equal((await gateway.ended_run(list.events[0].id)).status, 'succeeded');
});

/** An id as the gateway makes them, of that time, that it never made. */
function strangeId(ms) {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-0123456789ab`;
}

test('a run that nobody knows is 404, and so is one with a strange name', async () => {
  for (const id of [strangeId(Date.now() - 60_000), 'nonsense', '..%2f..']) {
    const run = await gateway.run(id);
    assert.equal(run.status, 404, id);
    assert.equal(run.json().code, 'unknown_run');
  }
});

test('an id from before all that is kept is 410', async () => {
  const run = await gateway.run(strangeId(Date.UTC(2020, 0, 1)));
  assert.equal(run.status, 410);
  assert.equal(run.json().code, 'result_expired');
});

test('every status of the runs above is an end', async () => {
  const page = JSON.parse(await gateway.ok('event', 'list', '--limit', '200', '--json'));
  assert.ok(page.events.length >= 10);
  for (const event of page.events) {
    const run = await gateway.ended_run(event.id);
    assert.ok(ended.includes(run.status), `${event.id} is ${run.status}`);
  }
});
