// kill -9 of executors and of the gateway in the middle of workflows of ten calls, against a server
// that counts: every run ends, what was journalled is not called again, what was in flight is called
// again with the key it had. E2E_CYCLES says how often (250 for the long form: 500 kills).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { Client } from './lib/http.mjs';
import { Gateway, sleep, until } from './lib/gateway.mjs';
import { startServer } from './lib/server.mjs';

const kills = 2 * Number(process.env.E2E_CYCLES ?? 5);
const tasks = 10, width = 12;

const now = () => Number(process.hrtime.bigint()) / 1e6;

/**
 * What is wrong with the calls of one run. `deaths`: from a kill to when whatever the killed processes
 * had sent was counted. A request may lie in a socket when its sender is killed, and an executor whose
 * gateway was killed may send another before it learns of that: both are of before the death.
 */
function faultsOf(calls, run, deaths, keys) {
  const found = [];
  for (let task = 0; task < tasks; task++) {
    const place = `${run}/${task}`, those = calls[place] ?? [];
    if (those.length === 0) found.push(`${place} was not called`);
    const unique = new Set(those.map((call) => call.key));
    if (unique.size > 1) found.push(`${place} came with ${unique.size} keys`);
    for (const key of unique) {
      if (!key || keys.has(key)) found.push(`${place} has the key ${key} of ${keys.get(key)}`);
      keys.set(key, place);
    }
    const last = those.at(-1)?.at, next = calls[`${run}/${task + 1}`]?.[0].at;
    if (last > next) found.push(`${place} was called after its result was journalled`);
    // Each further call needs a death of its own, which ended behind the call before it.
    for (let i = 1, used = -1; i < those.length; i++) {
      const death = deaths.findIndex(({ from, to }, d) => d > used && to >= those[i - 1].at && from <= those[i].at);
      if (death >= 0) { used = death; continue; }
      found.push(`${place} was called at ${those.map((call) => call.at.toFixed(1))}; nothing died in between, the last before: ${
        JSON.stringify(deaths.filter(({ to }) => to < those[i].at).at(-1))}`);
    }
  }
  return found;
}

function executorsOf(parent) {
  const children = fs.readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return children.filter((pid) => {
    try { return fs.readlinkSync(`/proc/${pid}/exe`).includes('penstock-executor'); } catch { return false; }
  });
}

const alive = (pid) => {
  try { return !/^State:\s*[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8')); } catch { return false; }
};

const workflow = (url) => Array.from({ length: tasks }, (_, i) => `  - task${i}:
      call: http
      with: { method: post, endpoint: '${url}/{run}/${i}', body: { n: ${i} } }`).join('\n');

test(`${kills} × kill -9 in the middle of workflows: each result is journalled once`, { timeout: 7_200_000 }, async () => {
  const counter = await startServer('counting_server.mjs');
  const ask = async (what) => (await fetch(`${counter.url}/${what}`)).json();
  const gateway = await Gateway.start({ args: ['--executors', '4', '--attempts-max', String(Math.max(50, kills))],
    env: { PENSTOCK_ALLOW_EGRESS: '127.0.0.0/8' } });
  const client = new Client(width), accepted = new Map(), deaths = [];
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
      const before = await ask('count');
      await until('calls are made', async () => await ask('count') > before + 15, 60_000);
      await sleep(Math.random() * 60);
      const found = executorsOf(gateway.child.pid), from = now();
      let victims = found;
      if (i % 2 === 1 || found.length === 0) {
        await gateway.stop('SIGKILL');
      } else {
        victims = [found[Math.floor(Math.random() * found.length)]];
        try { process.kill(victims[0], 'SIGKILL'); } catch { /* it was ending */ }
      }
      await until('the killed are dead', () => !victims.some(alive), 60_000);
      deaths.push({ from, to: await ask('mark') });
      if (gateway.child.gone) await gateway.again();
    }
    stopped = true;
    await Promise.all(feeders);
    await until('everything has ended', async () => {
      const stats = await gateway.stats();
      return stats.queued + stats.running + stats.waiting === 0;
    }, 300_000);
    const stats = await gateway.stats();
    assert.equal(stats.failed + stats.dead + stats.cancelled, 0);
    const calls = await ask('calls');
    const runs = [...new Set(Object.keys(calls).map((place) => Number(place.split('/')[0])))];
    assert.equal(runs.length, stats.succeeded, 'each run that was accepted has made its calls');
    const keys = new Map();
    const faults = runs.flatMap((run) => faultsOf(calls, run, deaths, keys));
    assert.deepEqual(faults.slice(0, 10), [], `${faults.length} faults in ${runs.length} runs`);
    for (const run of accepted.keys()) assert.ok(calls[`${run}/${tasks - 1}`], `run ${run} did not get to its end`);
    const often = {};  // how many tasks were called how often
    for (const those of Object.values(calls)) often[those.length] = (often[those.length] ?? 0) + 1;
    console.log(`# ${kills} kills, ${runs.length} runs, ${Object.keys(calls).length} tasks; called N times: ${JSON.stringify(often)}`);
    assert.ok(often[2] > 0, 'no kill hit a task in flight');
  } finally {
    stopped = true;
    client.close();
    await counter.stop();
    await gateway.clear();
  }
});
