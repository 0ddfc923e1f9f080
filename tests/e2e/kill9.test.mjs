// kill -9 under load: every id that got a 2xx is there afterwards and reaches its end.
// E2E_CYCLES says how often (the soak: 200 of the gateway and 200 of an executor).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { Client } from './lib/http.mjs';
import { Gateway, echo, sleep, until } from './lib/gateway.mjs';

const cycles = Number(process.env.E2E_CYCLES ?? 3);
const sum = (s) => s.captured + s.queued + s.running + s.waiting + s.succeeded + s.failed + s.cancelled + s.dead;

/** Posts until stopped; keeps the ids of all 2xx. Refusals and cut connections are expected. */
function startLoad(url, width) {
  const load = { acknowledged: new Map(), failures: 0, sent: 0, stopped: false };
  const client = new Client(width);
  const post = async () => {
    while (!load.stopped) {
      const number = load.sent++;
      try {
        const answer = await client.post(url, `{"number":${number}}`, { prefer: 'respond-async' });
        if (answer.status === 202) load.acknowledged.set(JSON.parse(answer.body).id, number);
        else await sleep(5);
      } catch {
        load.failures++;
        await sleep(5);
      }
    }
  };
  load.workers = Promise.all(Array.from({ length: width }, post));
  load.stop = async () => {
    load.stopped = true;
    await load.workers;
    client.close();
  };
  return load;
}

/** Every acknowledged id is there, has succeeded, and its result is its own. */
async function checkAll(gateway, load) {
  await until('everything has ended', async () => {
    const stats = await gateway.stats();
    assert.equal(stats.accepted, sum(stats));
    return stats.queued + stats.running + stats.waiting === 0;
  }, 120_000);
  const client = new Client(16), lost = [];
  const entries = [...load.acknowledged];
  const check = async () => {
    for (let entry = entries.pop(); entry; entry = entries.pop()) {
      const [id, number] = entry;
      const answer = await client.request(`${gateway.url}/v1/runs/${id}/result`);
      if (answer.status !== 200 || answer.body.toString() !== `{"number":${number}}`) {
        lost.push(`${id}: ${answer.status} ${answer.body.toString().slice(0, 200)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, check));
  client.close();
  assert.deepEqual(lost.slice(0, 5), [], `${lost.length} of ${load.acknowledged.size} lost`);
  const stats = await gateway.stats();
  assert.ok(stats.accepted >= load.acknowledged.size, 'accepted covers every 2xx');
  assert.equal(stats.dead + stats.failed + stats.cancelled, 0);
}

function executorsOf(parent) {
  const children = [];
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      if (Number(fields[1]) === parent && fs.readlinkSync(`/proc/${pid}/exe`).includes('penstock-executor')) {
        children.push(Number(pid));
      }
    } catch { /* it has ended meanwhile */ }
  }
  return children;
}

test(`${cycles} × kill -9 of the gateway under load lose nothing`, { timeout: 3_600_000 }, async () => {
  const gateway = await Gateway.start();
  try {
    const { url } = await gateway.flow('echo', echo);
    const load = startLoad(url, 16);
    for (let i = 0; i < cycles; i++) {
      const before = load.acknowledged.size;
      await until('some are acknowledged', () => load.acknowledged.size > before + 50);
      await sleep(Math.random() * 100);
      await gateway.crash();
    }
    await load.stop();
    assert.ok(load.acknowledged.size >= cycles * 50);
    await checkAll(gateway, load);
  } finally {
    await gateway.clear();
  }
});

test(`${cycles} × kill -9 of an executor under load lose nothing`, { timeout: 3_600_000 }, async () => {
  // Four, since one that was killed soon after its start is given a growing pause before the next.
  // A run that is on an executor at every kill may use an attempt each time.
  const gateway = await Gateway.start({ args: ['--executors', '4', '--attempts-max', String(Math.max(20, cycles))] });
  try {
    const { url } = await gateway.flow('echo', echo);
    const load = startLoad(url, 8);
    for (let i = 0; i < cycles; i++) {
      const found = await until('an executor runs', () => {
        const pids = executorsOf(gateway.child.pid);
        return pids.length > 0 && pids;
      });
      const pid = found[Math.floor(Math.random() * found.length)];
      const before = load.acknowledged.size;
      await until('some are acknowledged', () => load.acknowledged.size > before + 20);
      try { process.kill(pid, 'SIGKILL'); } catch { /* it was ending */ }
      await sleep(Math.random() * 50);
    }
    await load.stop();
    await checkAll(gateway, load);
  } finally {
    await gateway.clear();
  }
});

test('two restarts in a row recount the same sums', async () => {
  const gateway = await Gateway.start();
  try {
    const { url } = await gateway.flow('echo', echo);
    const load = startLoad(url, 8);
    await until('some are acknowledged', () => load.acknowledged.size > 300);
    await load.stop();
    await checkAll(gateway, load);
    const before = await gateway.stats();
    for (let i = 0; i < 2; i++) {
      await gateway.crash();
      const after = await gateway.stats();
      for (const state of ['accepted', 'captured', 'succeeded', 'failed', 'cancelled', 'dead']) {
        assert.equal(after[state], before[state], state);
      }
    }
  } finally {
    await gateway.clear();
  }
});
