// What workflows reach outside with, against real servers: MCP, A2A, gRPC, catalogs, scripts, and the
// addresses that they must not reach.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { penstock, sleep, tempFolder } from './lib/gateway.mjs';
import { startServer } from './lib/server.mjs';

const folder = tempFolder();
const servers = {};
before(async () => {
  servers.mcp = await startServer('mcp_server.mjs', 0);
  servers.a2a = await startServer('a2a_server.mjs');
  servers.grpc = await startServer('grpc_server.mjs');
});
after(async () => {
  for (const server of Object.values(servers)) await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Runs tasks (YAML lines) with `penstock workflow run`; { code, output, error, stderr }. */
async function run(tasks, { args = [], input = {}, use = '' } = {}) {
  const file = path.join(folder, `w${Math.random().toString(36).slice(2)}.yaml`);
  fs.writeFileSync(file, `document: { dsl: '1.0.3', namespace: test, name: calls, version: '1.0.0' }\n${use}\ndo:\n${tasks}\n`);
  const done = await penstock(['workflow', 'run', file, '--json', '--input', JSON.stringify(input), ...args]);
  const text = done.stdout.toString();
  try {
    return { code: done.code, stderr: done.stderr, ...JSON.parse(text) };
  } catch {
    throw new Error(`no JSON from workflow run (${done.code}): ${text}${done.stderr}`);
  }
}

// --- MCP ---

const mcp = (method, parameters, transport) =>
  `  - ask: { call: mcp, with: { method: ${method}, parameters: ${JSON.stringify(parameters)}, transport: ${JSON.stringify(transport)} } }`;
const overHttp = (query = '') => ({ http: { endpoint: { uri: `http://127.0.0.1:${servers.mcp.port}/mcp${query}`, authentication: { bearer: { token: 'sesame' } } } } });
const overStdio = { stdio: { command: 'node', arguments: [path.resolve(import.meta.dirname, 'lib/mcp_server.mjs')], environment: { COLOUR: 'red' } } };

test('a tool of an MCP server is called over streamable HTTP, and its session ended', async () => {
  for (const query of ['', '?json=1']) {
    const done = await run(mcp('tools/call', { name: 'add', arguments: { a: 2, b: 40 } }, overHttp(query)));
    assert.equal(done.output?.content[0].text, '42', JSON.stringify(done));
  }
  const left = await (await fetch(`http://127.0.0.1:${servers.mcp.port}/sessions`)).json();
  assert.equal(left, 0);
});

test('the other methods of MCP give their results', async () => {
  const tools = await run(mcp('tools/list', {}, overHttp()));
  assert.deepEqual(tools.output.tools.map((tool) => tool.name), ['add', 'env']);
  const prompt = await run(mcp('prompts/get', { name: 'greet', arguments: { name: 'you' } }, overHttp()));
  assert.equal(prompt.output.messages[0].content.text, 'Hello you');
  const note = await run(mcp('resources/read', { uri: 'note://one' }, overHttp()));
  assert.equal(note.output.contents[0].text, 'a note');
});

test('what an MCP server refuses is a runtime error', async () => {
  const done = await run(mcp('prompts/get', { name: 'nothing' }, overHttp()));
  assert.equal(done.status, 'failed');
  assert.match(done.error.type, /runtime$/);
});

test('an MCP server over stdio runs only where it is allowed, with nothing of our environment', async () => {
  const tasks = mcp('tools/call', { name: 'env', arguments: {} }, overStdio);
  const refused = await run(tasks);
  assert.match(refused.error.detail, /--allow-run mcp/);
});

// --- A2A ---

test('an agent is asked by its card, with an id and a role for the message', async () => {
  const card = `http://127.0.0.1:${servers.a2a.port}/${servers.a2a.card.replace(/^\//, '')}`;
  const done = await run(`  - ask: { call: a2a, with: { method: message/send, agentCard: { endpoint: '${card}' },
      parameters: { message: { parts: [ { kind: text, text: '\${ .text }' } ] } } } }`, { input: { text: 'hello' } });
  assert.equal(done.output?.parts[0].text, 'HELLO', JSON.stringify(done));
  assert.match(done.output.metadata.asked, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a streaming method of an agent gives all its results in order', async () => {
  const done = await run(`  - ask: { call: a2a, with: { method: message/stream, server: 'http://127.0.0.1:${servers.a2a.port}/',
      parameters: { message: { parts: [ { kind: text, text: task } ] } } } }`);
  assert.deepEqual(done.output?.map((result) => result.kind), ['task', 'status-update'], JSON.stringify(done));
  const got = await run(`  - ask: { call: a2a, with: { method: tasks/get, server: 'http://127.0.0.1:${servers.a2a.port}/',
      parameters: { id: ${done.output[0].id} } } }`);
  assert.equal(got.output.status.state, 'completed');
});

test('an error of an agent is a runtime error', async () => {
  const done = await run(`  - ask: { call: a2a, with: { method: tasks/get, server: 'http://127.0.0.1:${servers.a2a.port}/', parameters: { id: none } } }`);
  assert.match(done.error.type, /runtime$/);
  assert.match(done.error.detail, /-32001/);
});

// --- gRPC ---

const grpc = (method, more = '') => `  - buy:
      call: grpc
      with:
        proto: { endpoint: 'http://127.0.0.1:${servers.grpc.files}/shop.proto' }
        service: { name: shop.v1.Shop, host: 127.0.0.1, port: ${servers.grpc.port}${more} }
        method: ${method}
        arguments: { customer: Ada, items: [ { name: tea, price_cents: 250 }, { name: cup, priceCents: "9007199254740993" } ],
          labels: { colour: red }, at: '1970-01-01T00:01:00Z' }`;

test('a unary gRPC method is called with JSON and answers with JSON', async () => {
  const done = await run(grpc('Buy', ', authentication: { bearer: { token: abc } }'));
  assert.deepEqual(done.output, { text: 'Ada tea+cup red 60', totalCents: '9007199254741243', paid: false, auth: 'Bearer abc' }, JSON.stringify(done));
});

test('a gRPC status is a communication error with the like HTTP status', async () => {
  const done = await run(grpc('Refuse'));
  assert.equal(done.error.status, 404, JSON.stringify(done));
  assert.match(done.error.detail, /NOT_FOUND: no such thing: 100 %/);
});

test('what is not in the .proto file is said', async () => {
  assert.match((await run(grpc('Sell'))).error.detail, /no method 'Sell'/);
  assert.match((await run(grpc('Watch'))).error.detail, /only unary/);
});

// --- catalogs ---

test('a function of a remote catalog is fetched, checked and run', async () => {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    if (request.url !== '/cat/functions/greet/1.2.0/function.yaml') return response.writeHead(404).end();
    return response.end("input: { schema: { document: { type: object, required: [ name ] } } }\nset: { text: '${ \"Hello \" + .name }' }\n");
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const use = `use: { catalogs: { mine: { endpoint: 'http://127.0.0.1:${server.address().port}/cat/' } } }`;
  const call = (name, version = '1.2.0') => `  - one: { call: 'greet:${version}@mine', with: ${name} }`;
  const done = await run(call('{ name: Ada }'), { use });
  assert.deepEqual(done.output, { text: 'Hello Ada' }, JSON.stringify(done));
  assert.match((await run(call('{ nam: Ada }'), { use })).error.type, /validation$/);
  assert.equal((await run(call('{}', '9.9.9'), { use })).error.status, 404);
  assert.equal(asked.length, 3);
  server.close();
});

// --- shell and scripts ---

const allow = (...words) => ({ args: words.flatMap((word) => ['--allow-run', word]) });

test('shell and scripts are off unless they are allowed', async () => {
  const shell = await run("  - x: { run: { shell: { command: 'echo hi' } } }");
  assert.match(shell.error.detail, /--allow-run shell/);
  const script = await run("  - x: { run: { script: { language: js, code: 'console.log(1)' } } }", allow('shell'));
  assert.match(script.error.detail, /--allow-run script/);
});

test('a shell command gets its input, arguments and environment and nothing else', async () => {
  const done = await run(`  - x:
      input: { from: '\${ .message }' }
      run:
        shell:
          stdin: '\${ . }'
          command: |
            input=$(cat)
            echo "STDIN was: $input"
            echo "ARGS are $1 $2 $COLOUR"
            env | cut -d= -f1 | sort | tr '\\n' ' '
          arguments: [ Foo, Bar ]
          environment: { COLOUR: red }`, { ...allow('shell'), input: { message: 'Hello World' } });
  assert.equal(done.output, 'STDIN was: Hello World\nARGS are Foo Bar red\nCOLOUR HOME LANG PATH PWD TMPDIR ', JSON.stringify(done));
});

test('what a process gives is chosen by return', async () => {
  const all = (kind) => run(`  - x: { run: { shell: { command: 'echo out; echo err >&2; exit 3' }, return: ${kind} } }`, allow('shell'));
  assert.deepEqual((await all('all')).output, { code: 3, stdout: 'out\n', stderr: 'err\n' });
  assert.equal((await all('code')).output, 3);
  const failed = await all('stdout');
  assert.match(failed.error.type, /runtime$/);
  assert.match(failed.error.detail, /code 3: err/);
  const none = await run("  - x: { run: { shell: { command: 'echo out' }, return: none } }", allow('shell'));
  assert.equal(none.output, null);
  const apart = await run("  - x: { run: { shell: { command: 'sleep 5' }, await: false } }", { ...allow('shell'), input: { a: 1 } });
  assert.deepEqual(apart.output, { a: 1 });
});

test('scripts run in JavaScript and Python', async () => {
  const js = await run(`  - x:
      run:
        script:
          language: js
          stdin: Hello Workflow
          arguments: [ hello ]
          environment: { foo: bar }
          code: |
            import { readFileSync } from 'node:fs';
            const [_, __, arg] = process.argv;
            console.log(readFileSync(process.stdin.fd, 'utf8'), arg, process.env.foo);`, allow('script'));
  assert.equal(js.output, 'Hello Workflow hello bar\n', JSON.stringify(js));
  const python = await run(`  - x: { run: { script: { language: python, arguments: [ a ], code: "import sys\\nprint(sys.argv[1] * 3)" } } }`, allow('script'));
  assert.equal(python.output, 'aaa\n', JSON.stringify(python));
});

test('a process cannot reach the network, other files, other processes or more rights', async () => {
  const secret = path.join(folder, 'secret');
  fs.writeFileSync(secret, 'sesame');
  fs.chmodSync(secret, 0o644);
  fs.chmodSync(folder, 0o755);
  const tries = `
    import fs from 'node:fs'; import net from 'node:net'; import { spawnSync } from 'node:child_process';
    const error = (work) => { try { work(); return 'done'; } catch (fault) { return fault.code ?? String(fault); } };
    const seen = {
      file: error(() => fs.readFileSync('${secret}')),
      passwords: error(() => fs.readFileSync('/etc/shadow')),
      write: error(() => fs.writeFileSync('/var/tmp/penstock-was-here', 'x')),
      environment: error(() => fs.readFileSync('/proc/' + process.ppid + '/environ')),
      kill: error(() => process.kill(process.ppid, 'SIGCONT')),
      own: error(() => { fs.writeFileSync('note', 'x'); fs.readFileSync('note'); }),
      unshare: spawnSync('unshare', ['-Ur', 'true']).status,
      root: process.getuid() === 0,
    };
    await new Promise((resolve) => {
      const socket = net.connect(${servers.grpc.files}, '127.0.0.1', () => { seen.network = 'done'; socket.destroy(); resolve(); });
      socket.on('error', (fault) => { seen.network = fault.code; resolve(); });
    });
    console.log(JSON.stringify(seen));`;
  const code = JSON.stringify(tries);
  const done = await run(`  - x: { run: { script: { language: js, code: ${code} } } }`, allow('script'));
  const seen = JSON.parse(done.output);
  const denied = (what) => assert.match(String(seen[what]), /^E(ACCES|PERM)$/, `${what}: ${done.output}`);
  for (const what of ['file', 'passwords', 'write', 'kill', 'network']) denied(what);
  assert.notEqual(seen.environment, 'done');
  assert.notEqual(seen.unshare, 0);
  assert.equal(seen.own, 'done');
  assert.equal(seen.root, false);
});

test('a process that takes too long is ended with all that it started', async () => {
  const mark = `penstock-test-${process.pid}`;
  const began = Date.now();
  const done = await run(`  - x:
      run: { shell: { command: '(exec -a ${mark} sleep 61) & (setsid sleep 62; true) & sleep 63' } }
      timeout: { after: { milliseconds: 500 } }`.replace('exec -a ', 'exec '), allow('shell'));
  assert.match(done.error?.type ?? '', /timeout$/, JSON.stringify(done));
  assert.ok(Date.now() - began < 10_000);
});

test('a process that writes without end or takes all memory is ended', async () => {
  const loud = await run("  - x: { run: { shell: { command: 'yes' } } }", allow('shell'));
  assert.match(loud.error.detail, /wrote more than/);
  const big = await run("  - x: { run: { script: { language: python, code: 'x = bytearray(3 << 30)' } } }", allow('script'));
  assert.match(big.error.detail, /MemoryError/);
});

// --- addresses ---

const targets = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.1', '017700000001', '0177.0.0.1', '127.0.0.1.',
  'localhost', 'localhost.', 'LOCALHOST', 'ip6-localhost', '0.0.0.0', '0', '00000000', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[::ffff:0:127.0.0.1]',
  '10.0.0.1', '10.255.255.254', '172.16.0.1', '172.31.255.254', '192.168.0.1', '192.168.255.254', '100.64.0.1', '169.254.0.1',
  '169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.43518', '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]', '[fd00:ec2::254]', '[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd12:3456::1]', '[ff02::1]', '[2001:db8::1]',
  '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255',
  'user@127.0.0.1', 'example.com@127.0.0.1', 'example.com:80@127.0.0.1', '127。0。0。1', '１２７.0.0.1', '①②⑦.0.0.1',
  '127%2e0%2e0%2e1', '%31%32%37.0.0.1'];

test('no spelling of an address that is not public is called', async () => {
  let reached = 0;
  const server = http.createServer((request, response) => { reached++; response.end('{}'); });
  await new Promise((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address();
  const tasks = targets.map((host, i) => `  - t${i}:
      try:
        - call: { call: http, with: { method: get, endpoint: ${JSON.stringify(`http://${host}:${port}/`)} }, timeout: { after: { seconds: 3 } } }
      catch: { as: error, do: [ { keep: { set: '\${ \$context + { t${i}: \$error } }', export: { as: '\${ . }' } } } ] }`).join('\n');
  const done = await run(`${tasks}\n  - all: { set: '\${ \$context }' }`, { args: ['--allow-egress', '203.0.114.0/24'] });
  assert.equal(done.status, 'succeeded', JSON.stringify(done.error));
  assert.equal(reached, 0);
  const through = targets.filter((host, i) => !done.output[`t${i}`]);
  assert.deepEqual(through, []);
  server.close();
});

test('a redirect inward is not followed, a name is checked by what it resolves to', async () => {
  let reached = 0;
  const inner = http.createServer((request, response) => { reached++; response.end('{}'); });
  await new Promise((resolve) => inner.listen(0, '127.0.0.2', resolve));
  const outer = http.createServer((request, response) => response.writeHead(302, { location: `http://127.0.0.2:${inner.address().port}/` }).end());
  await new Promise((resolve) => outer.listen(0, '127.0.0.1', resolve));
  const get = (host, port) => `  - x: { call: http, with: { method: get, endpoint: 'http://${host}:${port}/', redirect: true } }`;
  const only = ['--allow-egress', '127.0.0.1'];
  const moved = await run(get('127.0.0.1', outer.address().port), { args: only });
  assert.match(moved.error?.detail ?? '', /127\.0\.0\.2.*not public/, JSON.stringify(moved));
  const named = await run(get('shop.example', inner.address().port), { args: [...only, '--resolve', `shop.example:${inner.address().port}:127.0.0.2`] });
  assert.match(named.error.detail, /not public/);
  assert.equal(reached, 0);
  outer.close();
  inner.close();
});
