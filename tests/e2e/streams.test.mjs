// Replies as they are made: event streams that resume anywhere, early replies, callers who leave.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { EventSource } from 'eventsource';

import { curl } from './lib/curl.mjs';
import { kinds, readEvents, textOf } from './lib/events.mjs';
import { Gateway, echo, patience, sleep, until } from './lib/gateway.mjs';
import { StreamWorker } from './lib/worker.mjs';

const words = (n) => Array.from({ length: n }, (_, i) => `w${i} é\r\n`);
const ended = (events) => events.some((e) => e.event === 'result' || e.event === 'error');

describe('streams of runs', () => {
  let gateway, worker, hook, plain;
  before(async () => {
    gateway = await Gateway.start({ args: ['--executors', '0'] });
    worker = new StreamWorker(gateway.data);
    hook = await gateway.flow('say', echo, '--reply');
    plain = await gateway.flow('later', echo);
  });
  after(async () => {
    worker.close();
    await gateway.clear();
  });
  const send = async (url, body, options = {}) => (await curl(url, { body: JSON.stringify(body), ...options })).json();
  const events = (id, after) => `${gateway.url}/v1/runs/${id}/events${after === undefined ? '' : `?last_event_id=${after}`}`;

  test('a caller who accepts events is told the text as it is made, then the result', async () => {
    const body = { say: words(20), every_ms: 30 };
    const told = await readEvents(hook.url, { method: 'POST', body: JSON.stringify(body) });
    assert.equal(told.headers['content-type'], 'text/event-stream');
    assert.equal(textOf(told.events), body.say.join(''));
    assert.deepEqual(kinds(told.events).slice(0, 3), ['status', 'status', 'delta']);
    assert.deepEqual(kinds(told.events).slice(-2), ['status', 'result']);
    assert.equal(JSON.parse(told.events.at(-1).data), body.say.join(''));
    const moments = told.events.filter((e) => e.event === 'delta').map((e) => e.at_ms);
    assert.ok(moments.length >= 10, `${moments.length} pieces of 20`);
    assert.ok(moments.at(-1) - moments[0] > 300, 'they came as they were made');
  });

  test('every id resumes exactly, while it runs and after its end; behind the last there is nothing', async () => {
    const { id } = await send(plain.url, { say: words(12), every_ms: 40 });
    const whole = await readEvents(events(id));
    const ids = whole.events.filter((e) => e.id !== undefined);
    assert.equal(textOf(whole.events), words(12).join(''));
    for (const [i, at] of ids.entries()) {
      if (i === ids.length - 1) break;
      const rest = await readEvents(events(id, at.id));
      assert.deepEqual(rest.events.map((e) => [e.id, e.event, e.data]), ids.slice(i + 1).map((e) => [e.id, e.event, e.data]));
    }
    assert.equal((await readEvents(events(id, ids.at(-1).id))).status, 204);
  });

  test('many readers, one of them slow, all get the same', async () => {
    const say = Array.from({ length: 400 }, (_, i) => `${i}:${'x'.repeat(2000)}\n`);
    const { id } = await send(plain.url, { say, every_ms: 1 });
    const slow = new Promise((resolve, reject) => {
      fetch(events(id)).then(async (answer) => {
        let text = '';
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let part; !(part = await reader.read()).done;) {
          text += part.value;
          await sleep(3);
        }
        resolve(text);
      }, reject);
    });
    const quick = await Promise.all(Array.from({ length: 20 }, () => readEvents(events(id), { timeoutMs: 60_000 })));
    for (const one of quick) assert.equal(textOf(one.events), say.join(''));
    const text = await slow;
    const deltas = [...text.matchAll(/event: delta\ndata: (.*)\n/g)].map((m) => JSON.parse(m[1]).text).join('');
    assert.equal(deltas, say.join(''));
  });

  test('a run that streams nothing tells its states and its result, with the same ids each time', async () => {
    const { id } = await send(plain.url, { plain: true });
    await gateway.ended_run(id);
    const once = await readEvents(events(id)), twice = await readEvents(events(id));
    assert.deepEqual(kinds(once.events), ['status', 'status', 'status', 'result']);
    assert.deepEqual(once.events.map((e) => [e.id, e.data]), twice.events.map((e) => [e.id, e.data]));
    const head = await curl(events(id), { args: ['--head'] });
    assert.equal(head.headers['content-type'], 'text/event-stream');
  });

  test('a failed run ends its stream with the problem that polling gives', async () => {
    const { id } = await send(plain.url, { say: ['half '], fail: { status: 429, detail: 'not now', retryable: true } });
    const told = await readEvents(events(id));
    const error = JSON.parse(told.events.at(-1).data);
    assert.equal(told.events.at(-1).event, 'error');
    assert.equal(error.retryable, true);
    assert.deepEqual(error, (await curl(`${gateway.url}/v1/runs/${id}/result`)).json());
  });

  test('a workflow may reply and go on; the reply stays the result', async () => {
    const body = { say: words(6), every_ms: 200, reply_after: 2 };
    const begin = performance.now();
    const reply = await curl(hook.url, { body: JSON.stringify(body) });
    assert.equal(reply.json(), 'early');
    assert.ok(performance.now() - begin < 900 * patience);
    const id = reply.headers['penstock-run'];
    assert.equal((await gateway.run(id)).json().status, 'running');
    assert.equal((await curl(`${gateway.url}/v1/runs/${id}/result`)).json(), 'early');
    const told = await readEvents(events(id));
    assert.deepEqual(kinds(told.events).filter((kind) => kind === 'result').length, 1);
    assert.equal((await gateway.run(id)).json().status, 'succeeded');
    const again = await curl(`${gateway.url}/v1/runs/${id}/result`);
    assert.equal(again.json(), 'early');
    const same = await curl(`${gateway.url}/v1/runs/${id}/result`, { headers: { 'if-none-match': again.headers.etag } });
    assert.equal(same.status, 304);
  });

  test('the workflow chooses status, header fields and type of its reply', async () => {
    const http = { status: 201, content_type: 'text/plain', headers: { 'X-Made': 'here' }, body: 'made' };
    const reply = await curl(hook.url, { body: JSON.stringify({ http }) });
    assert.deepEqual([reply.status, reply.headers['content-type'], reply.headers['x-made'], reply.text], [201, 'text/plain', 'here', 'made']);
  });

  test('a caller who hangs up: the run goes on, is cancelled, or has its grace', async () => {
    const kept = await gateway.trigger('kept', '--workflow', 'say', '--reply');
    const cut = await gateway.trigger('cut', '--workflow', 'say', '--reply', '--on-hang-up', 'cancel');
    const grace = await gateway.trigger('grace', '--workflow', 'say', '--reply', '--on-hang-up', 'grace', '--grace', '1s');
    const body = JSON.stringify({ say: words(40), every_ms: 100 });
    await Promise.all([kept, cut, grace].map((each) => curl(each.url, { body, args: ['--max-time', '0.5'] })));
    const status = async (name) => (await gateway.api(`/v1/runs?trigger=${name}`)).json().runs[0].status;
    await until('the cut one is cancelled', async () => (await status('cut')) === 'cancelled', 2000);
    await until('the grace is over', async () => (await status('grace')) === 'cancelled', 4000);
    await until('the kept one ends', async () => (await status('kept')) === 'succeeded', 10_000);
  });

  test('a result is kept for its time, then 410', async () => {
    const short = await gateway.trigger('short', '--workflow', 'say', '--result-retention', '1s');
    const { id } = await send(short.url, { output: 1 });
    const run = await gateway.ended_run(id);
    assert.equal(Date.parse(run.expires_at) - Date.parse(run.finished_at), 1000);
    await sleep(1200);
    for (const view of ['/result', '/events']) {
      const gone = await curl(`${gateway.url}/v1/runs/${id}${view}`);
      assert.deepEqual([gone.status, gone.json().code], [410, 'result_expired']);
    }
    const status = await curl(`${gateway.url}/v1/runs/${id}`);
    assert.deepEqual([status.status, status.json().status, status.json().expires_at], [200, 'succeeded', run.expires_at]);
  });

  test('a run whose trigger wants a key is streamed with it only', async () => {
    const closed = await gateway.trigger('closed', '--workflow', 'say', '--require-key');
    const key = { 'x-api-key': closed.api_key };
    const { id } = await send(closed.url, { say: ['a'] }, { headers: key });
    assert.equal((await curl(events(id))).status, 401);
    assert.equal(textOf((await readEvents(events(id), { headers: key })).events), 'a');
    assert.equal((await curl(events(id), { headers: { 'last-event-id': 'x', ...key } })).status, 400);
  });

  test('readers cut at random, the gateway killed twice: each ends with exactly the bytes', async () => {
    const runs = Number(process.env.STREAMS_RUNS ?? 10), cuts = Number(process.env.STREAMS_CUTS ?? 25);
    const texts = Array.from({ length: runs }, (_, r) => Array.from({ length: 60 }, (__, i) => `${r}/${i} `));
    const ids = [];
    for (const say of texts) ids.push((await send(plain.url, { say, every_ms: 50 })).id);
    const readers = ids.map((id) => {
      const reader = { text: '', last: '', seen: new Set(), doubles: 0 };
      reader.open = () => {
        reader.source?.close();
        const source = reader.source = new EventSource(events(id, reader.last === '' ? undefined : reader.last));
        const note = (event) => {
          if (source !== reader.source) return false;
          if (event.lastEventId !== '' && reader.seen.has(event.lastEventId) && event.type !== 'status') reader.doubles++;
          reader.seen.add(event.lastEventId);
          if (event.lastEventId !== '') reader.last = event.lastEventId;  // a live status has none
          return true;
        };
        source.addEventListener('status', note);
        source.addEventListener('delta', (event) => { if (note(event)) reader.text += JSON.parse(event.data).text; });
        source.addEventListener('result', (event) => { if (note(event)) { reader.result = JSON.parse(event.data); source.close(); } });
      };
      reader.open();
      return reader;
    });
    for (let cut = 0; cut < cuts; cut++) {
      await sleep(2500 / cuts);
      const reader = readers[Math.floor(Math.random() * readers.length)];
      if (!reader.result) reader.open();
      if (cut === Math.floor(cuts / 3) || cut === Math.floor((2 * cuts) / 3)) await gateway.crash();
    }
    await until('all readers are at the end', () => readers.every((reader) => reader.result !== undefined), 60_000);
    for (const [r, reader] of readers.entries()) {
      assert.equal(reader.text, texts[r].join(''));
      assert.equal(reader.result, texts[r].join(''));
      assert.equal(reader.doubles, 0);
    }
  });

  test('waits around the moment of the reply: none is lost, none runs twice', async () => {
    const count = Number(process.env.STREAMS_WAITS ?? 200);
    const before = (await gateway.stats()).accepted;
    const edge = await gateway.trigger('edge', '--workflow', 'say', '--reply');
    let early = 0;
    const one = async (i) => {
      const body = JSON.stringify({ first_ms: 0, say: [`${i}`], last_ms: 900 + (i % 41) * 5 });
      const answer = await fetch(edge.url, { method: 'POST', body, headers: { 'content-type': 'application/json', prefer: 'wait=1' } });
      if (answer.status === 200) {
        early++;
        return assert.equal(await answer.json(), `${i}`);
      }
      assert.equal(answer.status, 202);
      assert.equal(answer.headers.get('preference-applied'), 'wait=1');
      const { id } = await answer.json();
      const late = await fetch(`${gateway.url}/v1/runs/${id}/result?wait=10`);
      assert.equal(late.status, 200);
      return assert.equal(await late.json(), `${i}`);
    };
    await Promise.all(Array.from({ length: count }, (_, i) => one(i)));
    assert.ok(early > 0 && early < count, `${early} of ${count} came in time`);
    assert.equal((await gateway.stats()).accepted - before, count);
  });
});
