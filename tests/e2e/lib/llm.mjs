// An OpenAI-compatible server as a process of its own that paces its words, so that tests see what
// comes when. It says the same text for the same prompt, unless told otherwise.
//
//   node tests/e2e/lib/llm.mjs [--port N] [--first-ms N] [--token-ms N] [--tokens N] [--text TEXT]
//       [--fail STATUS] [--fail-times N] [--retry-after S] [--cut N] [--vary N] [--key KEY]
//
// Prints {"port":N} when it listens. POST /v1/chat/completions, POST /chat/completions, GET /v1/models,
// GET /stats (counts by model, key and prompt), POST /reset, POST /set (flags as JSON, from now on).
//
// A prompt `say: TEXT` is answered with TEXT. A member `stub` of the request overrides the flags for
// this one: { first_ms, token_ms, tokens, text, fail, fail_times, retry_after, cut, vary, tool }.
//   fail, fail_times  answer STATUS for the first N requests of this prompt (default: every one)
//   cut               break the connection behind N tokens, the first `cut_times` (1) times
//   vary              the text differs from request to request behind N tokens
//   tool              call this function: { name, arguments }
// Models `bad-…` answer 500, `limited-…` 429 with Retry-After, `missing-…` 404.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const words = 'a run is kept until its reply is out and each piece of it comes to whoever asks again'.split(' ');

/** The text for a prompt: the same each time. */
export function textFor(prompt, tokens = 24) {
  if (prompt.startsWith('say: ')) return prompt.slice(5);
  const seed = crypto.createHash('sha256').update(prompt).digest();
  return Array.from({ length: tokens }, (_, i) => words[seed[i % 32] % words.length] + (i % 7 === 6 ? '.' : '')).join(' ');
}

/** A text in tokens: words with the space before them. */
export const tokensOf = (text) => text.match(/\s*\S+|\s+$/g) ?? [];

/** Starts the server; { url, port, pid, stats(), set(flags), stop() }. */
export async function startLlm(...flags) {
  const child = spawn(process.execPath, [self, ...flags.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => { text += bytes; if (text.includes('\n')) resolve(text); });
    child.on('exit', (code) => reject(new Error(`the stub ended with ${code}`)));
  });
  const { port } = JSON.parse(line);
  const url = `http://127.0.0.1:${port}`;
  const post = (path, body) => fetch(url + path, { method: 'POST', body: JSON.stringify(body ?? {}) });
  return {
    url: `${url}/v1`, port, pid: child.pid,
    stats: async () => (await fetch(`${url}/stats`)).json(),
    set: (settings) => post('/set', settings),
    reset: () => post('/reset'),
    stop: () => new Promise((resolve) => { child.on('close', resolve); child.kill('SIGKILL'); }),
  };
}

// --- the process ---

const freshStats = () => ({ requests: 0, active: 0, max_active: 0, cut: 0, hung_up: 0, models: {}, keys: {}, prompts: {} });

function flagsOf(args) {
  const flags = {};
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].slice(2).replaceAll('-', '_');
    flags[name] = /^\d+$/.test(args[i + 1]) ? Number(args[i + 1]) : args[i + 1];
  }
  return flags;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const count = (map, key) => { map[key] = (map[key] ?? 0) + 1; return map[key]; };

function promptOf(body) {
  const last = body.messages?.at(-1)?.content ?? '';
  return typeof last === 'string' ? last : (last ?? []).map((part) => part.text ?? '').join('');
}

function refuse(response, status, message, retryAfter) {
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: status === 429 ? 'rate_limit_error' : 'server_error', code: null } }));
}

class Stub {
  constructor(flags) {
    this.flags = flags;
    this.stats = freshStats();
  }

  // What this request is to be refused with; undefined: answer it.
  fault(body, how, seen) {
    if (body.model?.startsWith('bad-')) return 500;
    if (body.model?.startsWith('limited-')) return 429;
    if (body.model?.startsWith('missing-')) return 404;
    if (how.fail && seen <= (how.fail_times ?? Infinity)) return how.fail;
    return undefined;
  }

  async chat(request, response, body) {
    const how = { ...this.flags, ...body.stub };
    const prompt = promptOf(body);
    this.stats.requests++;
    this.stats.max_active = Math.max(this.stats.max_active, ++this.stats.active);
    response.on('close', () => {
      this.stats.active--;
      if (!response.writableFinished) this.stats.hung_up++;
    });
    count(this.stats.models, body.model);
    count(this.stats.keys, request.headers['idempotency-key'] ?? 'none');
    const seen = count(this.stats.prompts, prompt);
    if (how.key && request.headers.authorization !== `Bearer ${how.key}`) return refuse(response, 401, 'wrong key');
    if (!body.model || !Array.isArray(body.messages)) return refuse(response, 400, 'model and messages are required');
    const fault = this.fault(body, how, seen);
    if (fault) return refuse(response, fault, `refused with ${fault}`, how.retry_after);
    const reply = this.reply(body, how, prompt, seen);
    if (how.first_ms) await sleep(how.first_ms);
    return body.stream ? this.stream(response, reply, how, body, seen) : this.plain(response, reply, how);
  }

  reply(body, how, prompt, seen) {
    let tokens = tokensOf(how.text ?? textFor(prompt, how.tokens));
    if (how.vary !== undefined) tokens = tokens.map((token, i) => (i < how.vary ? token : `${token}${seen}`));
    const tool = how.tool && !body.messages.some((message) => message.role === 'tool');
    if (tool) tokens = [];
    const usage = { prompt_tokens: tokensOf(prompt).length, completion_tokens: tokens.length };
    usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
    const calls = tool ? [{ id: 'call_1', type: 'function',
      function: { name: how.tool.name, arguments: JSON.stringify(how.tool.arguments ?? {}) } }] : undefined;
    const base = { id: `chatcmpl-${this.stats.requests}`, created: 1_700_000_000, model: body.model };
    return { base, tokens, usage, calls, finish: tool ? 'tool_calls' : 'stop' };
  }

  async plain(response, reply, how) {
    if (how.token_ms) await sleep(how.token_ms * reply.tokens.length);
    const message = { role: 'assistant', content: reply.calls ? null : reply.tokens.join(''), tool_calls: reply.calls };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...reply.base, object: 'chat.completion', usage: reply.usage,
      choices: [{ index: 0, message, finish_reason: reply.finish, logprobs: null }] }));
  }

  async stream(response, reply, how, body, seen) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const chunk = { ...reply.base, object: 'chat.completion.chunk' };
    const say = (data) => response.write(`data: ${JSON.stringify(data)}\n\n`);
    const choice = (delta, finish = null) => say({ ...chunk, choices: [{ index: 0, delta, finish_reason: finish }] });
    choice({ role: 'assistant', content: reply.calls ? null : '' });
    for (const [i, token] of reply.tokens.entries()) {
      if (how.cut !== undefined && i === how.cut && seen <= (how.cut_times ?? 1)) {
        this.stats.cut++;
        return response.destroy();
      }
      if (i && how.token_ms) await sleep(how.token_ms);
      if (response.destroyed) return undefined;
      choice({ content: token });
    }
    for (const call of reply.calls ?? []) {
      choice({ tool_calls: [{ index: 0, id: call.id, type: call.type, function: { name: call.function.name, arguments: '' } }] });
      for (const part of call.function.arguments.match(/.{1,4}/gs)) {
        choice({ tool_calls: [{ index: 0, function: { arguments: part } }] });
      }
    }
    choice({}, reply.finish);
    if (body.stream_options?.include_usage) say({ ...chunk, choices: [], usage: reply.usage });
    return response.end('data: [DONE]\n\n');
  }

  answer(request, response, text) {
    const json = (value) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    let body;
    try {
      body = text ? JSON.parse(text) : {};
    } catch {
      return refuse(response, 400, 'no JSON');
    }
    const path = request.url.split('?')[0];
    if (path.endsWith('/chat/completions')) return this.chat(request, response, body);
    if (path.endsWith('/models')) return json({ object: 'list', data: [{ id: 'stub', object: 'model', created: 0, owned_by: 'stub' }] });
    if (path === '/stats') return json(this.stats);
    if (path === '/set') return json(Object.assign(this.flags, body));
    if (path === '/reset') return json(this.stats = freshStats());
    return refuse(response, 404, `there is no ${path}`);
  }

  listen() {
    const server = http.createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => this.answer(request, response, Buffer.concat(parts).toString()));
      request.on('error', () => {});
      response.on('error', () => {});
    });
    server.keepAliveTimeout = 60_000;
    server.listen({ port: this.flags.port ?? 0, host: '127.0.0.1', backlog: 8192 },
      () => console.log(JSON.stringify({ port: server.address().port })));
  }
}

if (process.argv[1] === self) new Stub(flagsOf(process.argv.slice(2))).listen();
