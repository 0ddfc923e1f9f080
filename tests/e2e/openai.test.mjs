// Workflows as models: the real `openai` client, with only its base URL and key changed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import OpenAI from 'openai';

import { curl } from './lib/curl.mjs';
import { Gateway, echo, patience, sleep, until } from './lib/gateway.mjs';
import { StreamWorker } from './lib/worker.mjs';

const messages = [{ role: 'user', content: 'hello' }];
const say = Array.from({ length: 20 }, (_, i) => `word${i} `);

describe('the openai client', () => {
  let gateway, worker, hook, client;
  before(async () => {
    gateway = await Gateway.start({ args: ['--executors', '0'] });
    worker = new StreamWorker(gateway.data);
    hook = await gateway.flow('model', echo, '--require-key');
    client = new OpenAI({ baseURL: `${hook.url}/v1`, apiKey: hook.api_key });
  });
  after(async () => {
    worker.close();
    await gateway.clear();
  });

  test('gets a plain reply', async () => {
    const reply = await client.chat.completions.create({ model: 'any', messages, output: 'hi', usage: { prompt: 3, completion: 4 } });
    assert.equal(reply.choices[0].message.content, 'hi');
    assert.equal(reply.choices[0].finish_reason, 'stop');
    assert.equal(reply.model, 'any');
    assert.deepEqual(reply.usage, { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
  });

  test('gets a message with its tool calls', async () => {
    const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }];
    const output = { message: { role: 'assistant', content: null, tool_calls }, finish_reason: 'tool_calls' };
    const reply = await client.chat.completions.create({ model: 'any', messages, output });
    assert.deepEqual(reply.choices[0].message.tool_calls, tool_calls);
    const stream = client.chat.completions.stream({ model: 'any', messages, output });
    assert.deepEqual((await stream.finalMessage()).tool_calls[0].function.name, 'f');
  });

  test('gets a streamed reply, piece by piece as it is made', async () => {
    worker.said.length = 0;
    const stream = await client.chat.completions.create({
      model: 'any', messages, stream: true, stream_options: { include_usage: true }, say, every_ms: 40,
      usage: { prompt: 1, completion: 20 } });
    const pieces = [], moments = [];
    let usage, finish;
    for await (const chunk of stream) {
      usage = chunk.usage ?? usage;
      finish = chunk.choices[0]?.finish_reason ?? finish;
      const text = chunk.choices[0]?.delta.content;
      if (text) { pieces.push(text); moments.push(performance.now()); }
    }
    assert.equal(pieces.join(''), say.join(''));
    assert.ok(pieces.length >= say.length / 2, `${pieces.length} pieces`);
    const late = moments[0] - worker.said[0].at_ms;
    assert.ok(late < 50 * patience, `the first piece came ${late} ms late`);
    assert.deepEqual([finish, usage.total_tokens], ['stop', 21]);
  });

  test('gets a workflow that streams nothing as one piece', async () => {
    const stream = await client.chat.completions.create({ model: 'any', messages, stream: true, output: { text: 'whole' } });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    assert.equal(text, 'whole');
  });

  test('gets errors as it knows them, and does not run a workflow twice', async () => {
    const before_ = (await gateway.stats()).accepted;
    const fail = { status: 503, detail: 'the model sleeps' };
    for (const stream of [false, true]) {
      await assert.rejects(client.chat.completions.create({ model: 'any', messages, stream, fail }), (error) => {
        assert.ok(error instanceof OpenAI.InternalServerError);
        assert.equal(error.status, 503);
        assert.match(error.message, /the model sleeps/);
        return error.code === 'workflow_failed';
      });
    }
    assert.equal((await gateway.stats()).accepted - before_, 2);
    const half = await client.chat.completions.create({ model: 'any', messages, stream: true, say: ['half'], fail });
    await assert.rejects(async () => { for await (const chunk of half) void chunk; }, /the model sleeps/);
    const other = new OpenAI({ baseURL: `${hook.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await assert.rejects(other.chat.completions.create({ model: 'any', messages }), OpenAI.AuthenticationError);
    await assert.rejects(other.responses.retrieve('resp_x'), OpenAI.AuthenticationError);
    const broken = await curl(`${hook.url}/v1/chat/completions`, { body: '{', headers: { 'x-api-key': hook.api_key } });
    assert.deepEqual([broken.status, broken.json().error.type], [400, 'invalid_request_error']);
  });

  test('gets the model list', async () => {
    const models = [];
    for await (const model of client.models.list()) models.push(model.id);
    assert.deepEqual(models, ['model']);
    assert.equal((await client.models.retrieve('model')).id, 'model');
  });

  test('gets a response, plain and streamed', async () => {
    const plain = await client.responses.create({ model: 'any', input: 'x', output: 'hi' });
    assert.deepEqual([plain.status, plain.output_text], ['completed', 'hi']);
    const stream = await client.responses.create({ model: 'any', input: 'x', stream: true, say, every_ms: 10 });
    const types = [];
    let text = '', last = -1, response;
    for await (const event of stream) {
      types.push(event.type);
      assert.ok(event.sequence_number > last);
      last = event.sequence_number;
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') response = event.response;
    }
    assert.equal(text, say.join(''));
    assert.deepEqual([types[0], types.at(-1)], ['response.created', 'response.completed']);
    assert.equal(response.output[0].content[0].text, text);
  });

  test('gets a background response by asking again', async () => {
    let response = await client.responses.create({ model: 'any', input: 'x', background: true, say, every_ms: 20 });
    assert.match(response.status, /queued|in_progress/);
    response = await until('it is completed', async () => {
      const now = await client.responses.retrieve(response.id);
      return now.status === 'completed' && now;
    });
    assert.deepEqual([response.output_text, response.model], [say.join(''), 'any']);
    const cut = await client.responses.create({ model: 'any', input: 'x', background: true, say, every_ms: 200 });
    await sleep(100);
    assert.equal((await client.responses.cancel(cut.id)).status, 'cancelled');
    assert.equal((await client.responses.retrieve(cut.id)).status, 'cancelled');
  });

  test('resumes a stream from any place', async () => {
    const first = await client.responses.create({ model: 'any', input: 'x', background: true, stream: true, say, every_ms: 30 });
    const seen = [];
    for await (const event of first) {
      seen.push(event);
      if (seen.length === 9) break;
    }
    const id = seen[0].response.id;
    const rest = await client.responses.retrieve(id, { stream: true, starting_after: seen.at(-1).sequence_number });
    for await (const event of rest) seen.push(event);
    const numbers = seen.map((event) => event.sequence_number);
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
    const text = seen.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta).join('');
    assert.equal(text, say.join(''));
    assert.equal(seen.at(-1).type, 'response.completed');
    const again = await client.responses.retrieve(id, { stream: true, starting_after: 6 });
    const later = [];
    for await (const event of again) later.push(event);
    assert.deepEqual(later, seen.filter((event) => event.sequence_number > 6));
  });
});
