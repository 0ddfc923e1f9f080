// Every ready template, made by `workflow new` and run: what it promises comes of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';

import { curl } from './lib/curl.mjs';
import { Gateway, penstock, tempFolder } from './lib/gateway.mjs';
import { Internet } from './lib/internet.mjs';
import { startLlm, textFor } from './lib/llm.mjs';

const folder = tempFolder();
const hosts = ['chat.example.com', 'stock.example.com', 'prices.example.com', 'reviews.example.com', 'hooks.slack.com',
  'api.example.com', 'reports.example.com', 'mail.example.com', 'ledger.example.com', 'api.openai.com'];
const llm = await startLlm('--key', 'sk-test');
const net = await Internet.start(folder, hosts, ({ host, path: place }, count) => {
  if (host === 'api.openai.com') return { pass: `http://127.0.0.1:${llm.port}${place}` };
  if (host === 'api.example.com' && count < 3) return { status: 503, body: {} };
  return { from: host };
});
after(async () => {
  net.stop();
  await llm.stop();
  fs.rmSync(folder, { recursive: true });
});

async function make(name) {
  const file = path.join(folder, `${name}.yaml`);
  const made = await penstock(['workflow', 'new', '--template', name, '--output', file, '--force']);
  assert.equal(made.code, 0, made.stderr);
  const judged = await penstock(['workflow', 'lint', file]);
  assert.equal(judged.code, 0, judged.stdout.toString());
  assert.match(judged.stdout.toString(), /0 errors, 0 warnings/);
  return file;
}

async function run(name, input, ...more) {
  net.requests.length = 0;
  const done = await penstock(['workflow', 'run', await make(name), '--json', '--skip-waits', '--input', JSON.stringify(input), ...more, ...net.flags]);
  const result = JSON.parse(done.stdout.toString());
  assert.equal(done.code, result.status === 'succeeded' ? 0 : 1, done.stderr);
  return result;
}

const sent = () => net.requests.map((one) => `${one.method} ${one.host}${one.path}`);

test('there are ten or more, all of them listed', async () => {
  const list = JSON.parse((await penstock(['workflow', 'new', '--list', '--json'])).stdout);
  assert.ok(list.length >= 10);
  for (const name of ['github-to-slack', 'stripe-payment', 'ai-reply', 'approval', 'fan-out']) {
    assert.ok(list.some((one) => one.name === name), name);
  }
  for (const { name } of list) await make(name);
});

test('github-to-slack tells of a new issue, and of nothing else', async () => {
  const issue = { number: 7, title: 'It broke', html_url: 'https://github.com/o/r/issues/7', user: { login: 'jo' } };
  const event = { action: 'opened', issue, repository: { full_name: 'o/r' } };
  const secret = ['--secret', 'slack_webhook_url=https://hooks.slack.com/services/T/B/X'];
  assert.deepEqual((await run('github-to-slack', event, ...secret)).output, { told: true });
  assert.deepEqual(net.requests[0].body, { text: 'New issue in o/r: <https://github.com/o/r/issues/7|#7 It broke> by jo' });
  await run('github-to-slack', { ...event, action: 'closed' }, ...secret);
  assert.deepEqual(sent(), []);
});

test('stripe-payment books what was paid and flags what was not', async () => {
  const object = { id: 'pi_1', customer: 'cus_1', amount_received: 1200, currency: 'eur', last_payment_error: { message: 'declined' } };
  const secret = ['--secret', 'ledger_token={"token":"L"}'];
  await run('stripe-payment', { type: 'payment_intent.succeeded', data: { object } }, ...secret);
  assert.deepEqual(sent(), ['POST ledger.example.com/v1/payments']);
  assert.deepEqual(net.requests[0].body, { payment: 'pi_1', customer: 'cus_1', amount: 1200, currency: 'eur' });
  assert.equal(net.requests[0].headers.authorization, 'Bearer L');
  await run('stripe-payment', { type: 'payment_intent.payment_failed', data: { object } }, ...secret);
  assert.deepEqual(net.requests.map((one) => one.body), [{ payment: 'pi_1', reason: 'declined' }]);
});

test('ai-reply answers with what the model says, in one piece', async () => {
  const secret = ['--secret', 'openai={"token":"sk-test"}'];
  assert.equal((await run('ai-reply', { text: 'why?' }, ...secret)).output, textFor('why?'));
  assert.deepEqual(sent(), ['POST api.openai.com/v1/chat/completions']);
  const [{ body }] = net.requests;
  assert.deepEqual(body.messages, [{ role: 'system', content: 'Answer in three sentences at most.' }, { role: 'user', content: 'why?' }]);
  assert.equal(body.model, 'gpt-4o-mini');
  assert.equal((await run('ai-reply', { question: 'why?' }, ...secret)).error.status, 400);
  assert.deepEqual(sent(), [], 'what its schema refuses is not asked');
  assert.equal((await run('ai-reply', { text: 'why?' }, '--secret', 'openai={"token":"other"}')).error.status, 401);
});

test('ai-reply streams to whoever reads along, through the gateway', async () => {
  const gateway = await Gateway.start({ args: ['--allow-egress', '127.0.0.0/8', ...net.flags] });
  try {
    const stored = await penstock(['secret', 'set', 'openai', '--url', gateway.adminUrl, '--data', gateway.data], { input: '{"token":"sk-test"}' });
    assert.equal(stored.code, 0, stored.stderr);
    await gateway.ok('workflow', 'apply', await make('ai-reply'));
    const { url } = await gateway.trigger('ask', '--workflow', 'ai-reply', '--reply');
    await llm.set({ token_ms: 20 });
    const answer = await curl(url, { body: '{"text":"how?"}', headers: { prefer: 'wait=20' } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json(), textFor('how?'));
    const { text } = await curl(`${gateway.url}/v1/runs/${answer.headers['penstock-run']}/events`);
    const deltas = [...text.matchAll(/event: delta\ndata: (.*)/g)].map(([, data]) => JSON.parse(data));
    assert.ok(deltas.length > 1, text);
    assert.equal(deltas.map((one) => one.text ?? one.delta ?? one).join(''), textFor('how?'));
    assert.ok(!text.includes('sk-test'));
  } finally {
    await llm.set({ token_ms: 0 });
    await gateway.clear();
  }
});

test('approval asks, and says no when nobody answers for a day', async () => {
  const { output } = await run('approval', { requester: 'jo', amount: 5 });
  assert.deepEqual(output, { approved: false, by: 'nobody' });
  assert.equal(net.requests[0].body.question, 'May jo spend 5?');
});

test('fan-out asks all and joins what they say', async () => {
  const { output } = await run('fan-out', { sku: 'a1' });
  assert.deepEqual(output, { stock: { from: 'stock.example.com' }, price: { from: 'prices.example.com' }, reviews: { from: 'reviews.example.com' } });
  assert.deepEqual(sent().sort(), ['GET prices.example.com/items/a1', 'GET reviews.example.com/items/a1?limit=3', 'GET stock.example.com/items/a1']);
});

test('batch handles each item', async () => {
  const { output } = await run('batch', { orders: [{ id: 1, amount: 5 }, { id: 2, amount: 500 }] });
  assert.deepEqual(output, { handled: 2, results: [{ id: 1, position: 0, large: false }, { id: 2, position: 1, large: true }] });
});

test('retry-http delivers at the third attempt', async () => {
  assert.deepEqual((await run('retry-http', { id: 1 })).output, { from: 'api.example.com' });
  assert.equal(sent().length, 3);
  assert.equal(new Set(net.requests.map((one) => one.headers['idempotency-key'])).size, 3, 'an attempt of a retry is a call of its own');
});

test('router goes each way', async () => {
  assert.deepEqual((await run('router', { type: 'order', id: 1 })).output, { queue: 'orders', id: 1 });
  assert.deepEqual((await run('router', { type: 'refund', id: 2 })).output, { queue: 'refunds', id: 2 });
  assert.equal((await run('router', { type: 'x' })).error.status, 422);
});

test('schedule fetches and sends', async () => {
  await run('schedule', {});
  assert.deepEqual(sent(), ['GET reports.example.com/daily', 'POST mail.example.com/v1/messages']);
  assert.match(net.requests[1].body.subject, /^Report of 20\d\d-/);
});

test('transform totals', async () => {
  const { output } = await run('transform', { items: [{ sku: 'a', price: 2, quantity: 3 }, { sku: 'b', price: 0.5, quantity: 2 }] });
  assert.deepEqual(output, { lines: [{ sku: 'a', sum: 6 }, { sku: 'b', sum: 1 }], total: 7, count: 2 });
});
