// kill -9 of executors and of the gateway in the middle of workflows of ten calls, against a server
// that counts: every run ends, what was journalled is not called again, what was in flight is called
// again with the key it had. E2E_CYCLES says how often (250 for the long form: 500 kills).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';

import { Client } from './lib/http.mjs';
import { Gateway, patience, sleep, until } from './lib/gateway.mjs';

const kills = 2 * Number(process.env.E2E_CYCLES ?? 5);
const tasks = 10, width = 12;

/** Remembers each call: `calls.get('run/task')` is a list of {at, key}, in the order they came. */
class Counter {
  calls = new Map();

  async start() {
    this.server = http.createServer((request, response) => {
      const place = request.url.slice(1);
      const seen = this.calls.get(place) ?? [];
      this.calls.set(place, [...seen, { at: performance.now(), key: request.headers['idempotency-key'] }]);
      request.resume();
      setTimeout(() => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ run: Number(place.split('/')[0]) }));
      }, 5 + Math.random() * 30);
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  /** What is wrong with the calls of one run, given when something was killed. */
  faults(run, killedAt, keys) {
    const found = [];
    for (let task = 0; task < tasks; task++) {
      const place = `${run}/${task}`, calls = this.calls.get(place) ?? [];
      if (calls.length === 0) found.push(`${place} was not called`);
      const unique = new Set(calls.map((call) => call.key));
      if (unique.size > 1) found.push(`${place} came with ${unique.size} keys`);
      for (const key of unique) {
        if (!key || keys.has(key)) found.push(`${place} has the key ${key} of ${keys.get(key)}`);
        keys.set(key, place);
      }
      const last = calls.at(-1)?.at, next = this.calls.get(`${run}/${task + 1}`)?.[0].at;
      if (last > next) found.push(`${place} was called after its result was journalled`);
      // A request may lie in a socket when its sender is killed, and be read later.
      const died = killedAt.filter((at) => at >= calls[0]?.at - 300 * patience && at <= last).length;
      if (calls.length > 1 + died) found.push(`${place} was called ${calls.length} times, ${died} kills in between`);
    }
    return found;
  }
}

function executorsOf(parent) {
  const children = fs.readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return children.filter((pid) => {
    try { return fs.readlinkSync(`/proc/${pid}/exe`).includes('penstock-executor'); } catch { return false; }
  });
}

const workflow = (url) => Array.from({ length: tasks }, (_, i) => `  - task${i}:
      call: http
      with: { method: post, endpoint: '${url}/{run}/${i}', body: { n: ${i} } }`).join('\n');

test(`${kills} × kill -9 in the middle of workflows: each result is journalled once`, { timeout: 7_200_000 }, async () => {
  const counter = await new Counter().start();
  const gateway = await Gateway.start({ args: ['--executors', '4', '--attempts-max', String(Math.max(50, kills))],
    env: { PENSTOCK_ALLOW_EGRESS: '127.0.0.0/8' } });
  const client = new Client(width), accepted = new Map(), killedAt = [];
  let sent = 0, stopped = false;
  try {
    const { url } = await gateway.flow('ten', workflow(counter.url));
    // A new run whenever an accepted one may have ended: about `width` are under way at any moment.
    const feed = async () => {
      while (!stopped) {
        const run = sent++;
        try {
          const answer = await client.post(url, `{"run":${run}}`, { prefer: 'wait=2' });
          if (answer.status === 202) accepted.set(run, JSON.parse(answer.body).id);
          if (answer.status === 200) accepted.set(run, answer.headers['penstock-run'] ?? true);
        } catch { /* cut off by a kill: the run may or may not have been accepted */ }
        await sleep(20);
      }
    };
    const feeders = Array.from({ length: width }, feed);
    for (let i = 0; i < kills; i++) {
      const before = counter.calls.size;
      await until('calls are made', () => counter.calls.size > before + 15, 60_000);
      await sleep(Math.random() * 60);
      const found = executorsOf(gateway.child.pid);
      if (i % 2 === 1 || found.length === 0) {
        killedAt.push(performance.now());
        await gateway.crash();
      } else {
        killedAt.push(performance.now());
        try { process.kill(found[Math.floor(Math.random() * found.length)], 'SIGKILL'); } catch { /* it was ending */ }
      }
    }
    stopped = true;
    await Promise.all(feeders);
    await until('everything has ended', async () => {
      const stats = await gateway.stats();
      return stats.queued + stats.running + stats.waiting === 0;
    }, 300_000);
    const stats = await gateway.stats();
    assert.equal(stats.failed + stats.dead + stats.cancelled, 0);
    const runs = [...new Set([...counter.calls.keys()].map((place) => Number(place.split('/')[0])))];
    assert.equal(runs.length, stats.succeeded, 'each run that was accepted has made its calls');
    const keys = new Map();
    const faults = runs.flatMap((run) => counter.faults(run, killedAt, keys));
    assert.deepEqual(faults.slice(0, 10), [], `${faults.length} faults in ${runs.length} runs`);
    for (const run of accepted.keys()) assert.ok(counter.calls.has(`${run}/${tasks - 1}`), `run ${run} did not get to its end`);
    const often = {};  // how many tasks were called how often
    for (const calls of counter.calls.values()) often[calls.length] = (often[calls.length] ?? 0) + 1;
    console.log(`# ${kills} kills, ${runs.length} runs, ${counter.calls.size} tasks; called N times: ${JSON.stringify(often)}`);
    assert.ok(often[2] > 0, 'no kill hit a task in flight');
  } finally {
    stopped = true;
    client.close();
    counter.server.close();
    counter.server.closeAllConnections?.();
    await gateway.clear();
  }
});
