// Many callers held at once: none is lost, each costs little, replies leave soon. HELD_CALLERS says
// how many (10000 for the figures; a few hundred prove the path).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';

import { Gateway, echo, sleep } from './lib/gateway.mjs';
import { StreamWorker } from './lib/worker.mjs';

const callers = Number(process.env.HELD_CALLERS ?? 400);
const hold_ms = Number(process.env.HELD_MS ?? 3000);
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const figures = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  return { p50: +at(sorted, 0.5).toFixed(2), p99: +at(sorted, 0.99).toFixed(2) };
};

describe('held callers', () => {
  let gateway, worker, hook;
  before(async () => {
    gateway = await Gateway.start({ args: ['--executors', '0'] });
    worker = new StreamWorker(gateway.data, { slots: 20_000 });
    hook = await gateway.flow('held', echo, '--reply', '--wait', '5m');
  });
  after(async () => {
    worker.close();
    await gateway.clear();
  });
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8'))[1]);
  const key = (id) => id.replaceAll('-', '');

  /** One request on a connection of its own; its answer, and how long after the run's end it came. */
  const call = (url, { method = 'GET', body } = {}) => new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent: false, headers: body ? { 'content-type': 'application/json', 'content-length': body.length } : {} }, (answer) => {
      const came_ms = performance.now();
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => resolve({ status: answer.statusCode, text, late_ms: came_ms - worker.ended.get(key(answer.headers['penstock-run'] ?? '')) }));
    });
    request.on('error', reject);
    request.end(body);
  });

  test('each gets its reply', { timeout: 300_000 }, async (t) => {
    const before_kb = rss();
    const begin = performance.now();
    const answers = [];
    for (let i = 0; i < callers; i++) {
      const first_ms = Math.max(0, hold_ms + (i % 1000) - (performance.now() - begin));
      answers.push(call(hook.url, { method: 'POST', body: JSON.stringify({ first_ms, output: i }) }));
      if (i % 100 === 99) await sleep(10);
    }
    await sleep(Math.max(0, hold_ms - 300 - (performance.now() - begin)));
    const each_kb = (rss() - before_kb) / callers;
    const done = await Promise.all(answers);
    for (const [i, answer] of done.entries()) assert.deepEqual([answer.status, answer.text.trim()], [200, `${i}`]);
    t.diagnostic(`${callers} held for ${hold_ms} ms: ${each_kb.toFixed(1)} KB each; from result to reply ${JSON.stringify(figures(done.map((each) => each.late_ms)))} ms`);
    if (callers >= 5000) assert.ok(each_kb < 25, `${each_kb} KB each`);
  });

  test('a long poll hears of a result at once', async (t) => {
    const late = [];
    for (let i = 0; i < 100; i++) {
      const queued = await fetch(hook.url, { method: 'POST', body: JSON.stringify({ first_ms: 15, output: i }), headers: { 'content-type': 'application/json', prefer: 'respond-async' } });
      const { id } = await queued.json();
      const answer = await call(`${gateway.url}/v1/runs/${id}/result?wait=10`);
      assert.equal(answer.status, 200);
      late.push(answer.late_ms);
    }
    t.diagnostic(`from result to long poll ${JSON.stringify(figures(late))} ms`);
  });
});
