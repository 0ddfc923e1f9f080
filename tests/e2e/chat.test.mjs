// Calls of models against a separate server that paces its words: whole and streamed replies, busy
// and broken servers, limits, and what a crash leaves.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Gateway, penstock, root, tempFolder, until } from './lib/gateway.mjs';
import { startLlm, textFor } from './lib/llm.mjs';

const folder = tempFolder();
let llm, gateway;
before(async () => {
  llm = await startLlm();
  gateway = await Gateway.start({ args: ['--allow-egress', '127.0.0.0/8'] });
});
after(async () => {
  await gateway.clear();
  await llm.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const chat = (more = '', prompt = '${ .text }') => `  - ask:
      call: chat:1.0.0@default
      with:
        endpoint: { uri: '${llm.url}', authentication: { bearer: { token: key-1 } } }
        messages: [ { role: user, content: '${prompt}' } ]
        ${more}`;

/** Runs tasks with `penstock workflow run`. */
async function run(tasks, input, ...args) {
  const file = path.join(folder, `w${Math.random().toString(36).slice(2)}.yaml`);
  fs.writeFileSync(file, `document: { dsl: '1.0.3', namespace: test, name: chat, version: '1.0.0' }\ndo:\n${tasks}\n`);
  const done = await penstock(['workflow', 'run', file, '--json', '--input', JSON.stringify(input ?? {}), ...args]);
  return JSON.parse(done.stdout.toString());
}

test('a reply is the first choice with its usage, streamed or not', async () => {
  for (const stream of [false, true]) {
    const done = await run(chat(`model: stub
        stub: { key: key-1 }
        stream: ${stream}`), { text: 'hello' });
    assert.equal(done.status, 'succeeded', JSON.stringify(done));
    assert.equal(done.output.message.content, textFor('hello'));
    assert.equal(done.output.message.role, 'assistant');
    assert.equal(done.output.finish_reason, 'stop');
    assert.equal(done.output.model, 'stub');
    assert.deepEqual(done.output.usage, { prompt_tokens: 1, completion_tokens: 24, total_tokens: 25 });
  }
});

test('tools go out and their calls come back whole', async () => {
  for (const stream of [false, true]) {
    const done = await run(chat(`model: stub
        stream: ${stream}
        tools: [ { type: function, function: { name: weather } } ]
        stub: { tool: { name: weather, arguments: { city: Paris, days: 3 } } }`), { text: 'weather?' });
    const [call] = done.output.message.tool_calls;
    assert.equal(call.function.name, 'weather');
    assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Paris', days: 3 });
    assert.equal(done.output.message.content, null);
    assert.equal(done.output.finish_reason, 'tool_calls');
  }
});

test('a busy model is asked again after the time it names, with the same key', async () => {
  const began = Date.now();
  const done = await run(chat(`model: stub
        stub: { fail: 429, fail_times: 1, retry_after: 1 }`), { text: 'busy' });
  assert.equal(done.status, 'succeeded', JSON.stringify(done));
  assert.ok(Date.now() - began >= 1000);
  const { keys, prompts } = await llm.stats();
  assert.equal(prompts.busy, 2);
  assert.ok(Object.values(keys).includes(2));
});

test('a model that stays down gives way to the next, and the last one\'s error is the task\'s', async () => {
  const done = await run(chat(`model: bad-one
        max_retries: 0
        fallback: [ missing-two, stub ]`), { text: 'hello' });
  assert.equal(done.output?.model, 'stub', JSON.stringify(done));
  const failed = await run(chat(`models: [ bad-one, limited-two ]
        max_retries: 0`), { text: 'hello' });
  assert.equal(failed.error.status, 429);
  assert.match(failed.error.type, /communication$/);
  assert.match(failed.error.detail, /limited-two.*429/);
});

test('a stream that breaks is asked for again', async () => {
  const done = await run(chat(`model: stub
        stream: true
        stub: { cut: 5 }`), { text: 'cut me' });
  assert.equal(done.output?.message.content, textFor('cut me'), JSON.stringify(done));
  assert.equal((await llm.stats()).prompts['cut me'], 2);
});

test('a gateway runs it, and the text reaches readers in pieces as it is made', async () => {
  const made = await gateway.flow('talk', chat('model: stub\n        stream: true\n        stub: { first_ms: 100, token_ms: 40 }') +
    "\n      output: { as: '${ .message.content }' }", '--reply');
  const began = Date.now();
  const answer = await fetch(made.url, { method: 'POST', body: JSON.stringify({ text: 'tell me' }),
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': made.api_key ?? '' } });
  assert.equal(answer.headers.get('content-type')?.split(';')[0], 'text/event-stream');
  const pieces = [];
  let text = '', event = '', first = 0;
  for await (const bytes of answer.body) {
    text += Buffer.from(bytes).toString();
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      const lines = text.slice(0, end).split('\n');
      event = lines.find((line) => line.startsWith('event: '))?.slice(7);
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6)).join('\n');
      if (event !== 'delta') continue;
      first ||= Date.now() - began;
      pieces.push(data);
    }
  }
  const whole = pieces.map((piece) => { try { const read = JSON.parse(piece); return typeof read === 'string' ? read : read.text ?? read.delta; } catch { return piece; } }).join('');
  assert.equal(whole, textFor('tell me'));
  assert.ok(pieces.length >= 12, `${pieces.length} pieces`);
});

test('an executor that is killed while a model talks costs no text and doubles none', async () => {
  const made = await gateway.flow('crash', chat('model: stub\n        stream: true\n        stub: { token_ms: 60 }') +
    "\n      output: { as: '${ .message.content }' }");
  const sent = await (await fetch(made.url, { method: 'POST', body: '{"text":"crash here"}', headers: { 'content-type': 'application/json' } })).json();
  await until('the model talks', async () => (await llm.stats()).prompts['crash here'] === 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { executors } = await gateway.stats();
  const pids = (executors?.list ?? executors ?? []).map?.((one) => one.pid) ?? [];
  if (pids.length) process.kill(pids[0], 'SIGKILL');
  else await gateway.crash();
  const end = await gateway.ended_run(sent.id);
  assert.equal(end.status, 'succeeded', JSON.stringify(end));
  const result = await gateway.run(`${sent.id}/result`);
  assert.equal(JSON.parse(result.text), textFor('crash here'));
  const { prompts, keys } = await llm.stats();
  assert.equal(prompts['crash here'], 2);
  assert.ok(Object.entries(keys).some(([key, times]) => key.startsWith(sent.id) && times === 2));
});

test('five hundred calls wait for their first token at once in one executor', async () => {
  const made = await gateway.flow('many', chat('model: stub\n        stub: { first_ms: 1500 }'));
  await llm.reset();
  const ids = await Promise.all(Array.from({ length: 500 }, async (_, i) =>
    (await (await fetch(made.url, { method: 'POST', body: JSON.stringify({ text: `n${i}` }), headers: { 'content-type': 'application/json' } })).json()).id));
  await until('all have ended', async () => (await llm.stats()).requests === 500 && (await llm.stats()).active === 0, 30_000);
  assert.ok((await llm.stats()).max_active >= 400, `${(await llm.stats()).max_active} at once`);
  assert.equal((await gateway.ended_run(ids.at(-1))).status, 'succeeded');
});

test('the catalog\'s plain form of a chat gives the same message where there is no other', async () => {
  const file = path.join(folder, 'plain.yaml');
  fs.writeFileSync(file, `document: { dsl: '1.0.3', namespace: test, name: plain, version: '1.0.0' }
use: { catalogs: { shipped: { endpoint: 'file://${path.join(root, 'executor/catalog')}' } } }
do:
${chat('model: stub\n        stub: { key: key-1 }').replace('@default', '@shipped')}\n`);
  const done = await penstock(['workflow', 'run', file, '--json', '--input', '{"text":"hello"}']);
  const { output, error } = JSON.parse(done.stdout.toString());
  assert.equal(output?.message.content, textFor('hello'), JSON.stringify(error));
  assert.equal(output.usage.total_tokens, 25);
});
