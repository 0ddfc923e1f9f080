// The command line without a server: help, exit codes, hints, configuration.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';

import { penstock, tempFolder } from './lib/gateway.mjs';

const folder = tempFolder();
after(() => fs.rmSync(folder, { recursive: true }));

const file = (name, text) => {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const hello = `document: { dsl: '1.0.3', namespace: t, name: hello, version: '1.0.0' }
do:
  - greet: { set: { message: '\${ "Hello, \\(.name)!" }' } }
`;

test('every level has help with exit code 0 and a usage line', async () => {
  for (const words of [[], ['serve'], ['workflow'], ['workflow', 'apply'], ['trigger'], ['trigger', 'create'],
    ['event'], ['event', 'list'], ['run'], ['run', 'show'], ['secret'], ['config'], ['config', 'print'], ['stats']]) {
    const done = await penstock([...words, '--help']);
    assert.equal(done.code, 0, words.join(' '));
    assert.match(done.stdout.toString(), new RegExp(`Usage: penstock ?${words.join(' ')}`));
    assert.equal(done.stderr, '');
  }
});

test('the version is one line', async () => {
  const done = await penstock(['--version']);
  assert.match(done.stdout.toString(), /^penstock \d+\.\d+\.\d+\n$/);
});

test('wrong usage is exit code 2, on stderr, with the nearest word', async () => {
  for (const [words, hint] of [[['triger'], /trigger/], [['trigger', 'crate'], /create/], [['serve', '--lisen', 'x'], /--listen/],
    [['event', 'list', '--status', 'ded'], /dead/], [['trigger', 'create', 'x'], /--workflow/], [[], /Usage/]]) {
    const done = await penstock(words);
    assert.equal(done.code, 2, words.join(' '));
    assert.equal(done.stdout.toString(), '');
    assert.match(done.stderr, hint);
  }
});

test('a server that is not there is exit code 1 and said plainly', async () => {
  const done = await penstock(['stats', '--url', 'http://127.0.0.1:1', '--token', 'x']);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /cannot reach http:\/\/127\.0\.0\.1:1/);
});

test('flags beat the environment, which beats the file, which beats the default', async () => {
  const config = file('rank.yaml', 'log_level: debug\nattempts_max: 7\nbody_bytes_max: 2MiB\n');
  const print = await penstock(['config', 'print', '--origin', '--config', config, '--log-level', 'error'],
    { env: { PENSTOCK_LOG_LEVEL: 'warn', PENSTOCK_ATTEMPTS_MAX: '8' } });
  const text = print.stdout.toString();
  assert.match(text, /^log_level: "error" +# --log-level$/m);
  assert.match(text, /^attempts_max: 8 +# PENSTOCK_ATTEMPTS_MAX$/m);
  assert.match(text, /^body_bytes_max: "2MiB" +# .*rank\.yaml:3$/m);
  assert.match(text, /^listen: "127\.0\.0\.1:8080" +# default$/m);
});

test('what config print prints can be read back', async () => {
  const first = (await penstock(['config', 'print', '--data', '/a "b"\\c', '--resolve', 'x:1:127.0.0.1:2'])).stdout.toString();
  const again = await penstock(['config', 'print', '--config', file('back.yaml', first)]);
  assert.equal(again.stdout.toString(), first);
});

test('an unknown key is an error with its line and the nearest word', async () => {
  const done = await penstock(['config', 'check', '--config', file('typo.yaml', 'data: /x\nlisten_admin: 127.0.0.1:1\nlisen: 127.0.0.1:2\n')]);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /typo\.yaml:3: unknown setting "lisen" – did you mean "listen"\?/);
  assert.match(done.stderr, /typo\.yaml:2: /);
});

test('serve refuses what cannot work before it starts', async () => {
  for (const [flags, hint] of [
    [['--admin-listen', '0.0.0.0:0'], /admin_tls_cert/],
    [['--queue', 'nats://127.0.0.1:4222'], /not in this build yet/],
    [['--queue', 'rokcsdb'], /rocksdb/],
    [['--listen', 'nowhere'], /HOST:PORT/],
    [['--tls-cert', 'x.pem'], /tls_key/],
    [['--executors', '-1'], /executors/],
    [['--allow-egress', 'all'], /10\.0\.0\.0\/8/],
    [['--config', '/nowhere.yaml'], /nowhere\.yaml/]]) {
    const done = await penstock(['serve', '--data', path.join(folder, 'never'), ...flags], { timeoutMs: 10_000 });
    assert.equal(done.code, 2, flags.join(' '));
    assert.match(done.stderr, hint);
  }
  assert.equal(fs.existsSync(path.join(folder, 'never')), false);
});

test('a workflow is linted without a server', async () => {
  const good = await penstock(['workflow', 'lint', file('hello.yaml', hello)]);
  assert.equal(good.code, 0, good.stderr);
  const bad = await penstock(['workflow', 'lint', file('bad.yaml', hello.replace('set:', 'sett:'))]);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout.toString() + bad.stderr, /bad\.yaml:3/);
});

test('a workflow runs without a server', async () => {
  const done = await penstock(['workflow', 'run', file('hello.yaml', hello), '--input', '{"name":"Ada"}']);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(JSON.parse(done.stdout), { message: 'Hello, Ada!' });
  const traced = await penstock(['workflow', 'run', file('hello.yaml', hello), '--input', '{"name":"Bo"}', '--json']);
  const { status, output, tasks } = JSON.parse(traced.stdout);
  assert.equal(status, 'succeeded');
  assert.deepEqual(output, { message: 'Hello, Bo!' });
  assert.equal(tasks[0].name, 'greet');
});

test('an expression can be tried', async () => {
  const done = await penstock(['jq', '.a[1], .b', '--input', '-'], { input: '{"a":[1,10000000000000000001],"b":1.10}' });
  assert.equal(done.code, 0, done.stderr);
  assert.equal(done.stdout.toString(), '10000000000000000001\n1.10\n');
  assert.notEqual((await penstock(['jq', '.a[', '--input', '-'], { input: '{}' })).code, 0);
});
