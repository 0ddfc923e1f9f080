// The tree itself: who includes whom, how large files grow, what must not be in it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The files of the project: what git tracks, or all where there is no git folder. */
function projectFiles() {
  const git = (...args) => execFileSync('git', ['-C', root, '-c', `safe.directory=${root}`, ...args], { encoding: 'utf8' });
  try {
    return git('ls-files', '-z').split('\0').filter((f) => f && fs.existsSync(path.join(root, f)));
  } catch {
    return walk('');
  }
}

function walk(folder) {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (['build', 'node_modules', '.git', '.cache'].includes(entry.name)) return [];
    return entry.isDirectory() ? walk(name) : [name];
  });
}

const files = projectFiles();
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const sources = files.filter((f) => /\.(cc|h)$/.test(f));
const parts = ['proto', 'queue', 'executor', 'gateway', 'bench', 'micro'];
// What bench/micro measures are small parts of the executor, linked in.
const partOf = (file) => file.startsWith('bench/micro/') ? 'micro' : file.split('/')[0];

/** Our own files that a source includes. */
const includesOf = (text) => [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map((m) => m[1]);

const mayInclude = {
  proto: ['proto'],
  queue: ['proto', 'queue'],
  executor: ['proto', 'executor'],
  gateway: ['proto', 'queue', 'gateway'],
  bench: ['proto', 'bench'],
  micro: ['proto', 'executor'],
};

/** [from, include] of every include that the rule forbids. */
function forbidden(pairs) {
  return pairs.filter(([from, to]) => !mayInclude[partOf(from)].includes(partOf(to)));
}

const pairs = sources.filter((f) => parts.includes(partOf(f)))
  .flatMap((f) => includesOf(read(f)).map((to) => [f, to]));

test('the include graph runs one way', () => {
  assert.ok(pairs.length > 50, `${pairs.length} includes seen`);
  assert.deepEqual(forbidden(pairs), []);
});

test('the rule would catch a breach', () => {
  assert.equal(forbidden([['proto/x.h', 'queue/y.h'], ['executor/x.cc', 'gateway/y.h'], ['queue/x.h', 'proto/y.h']]).length, 2);
  assert.deepEqual(includesOf('  #include "queue/a.h"\n#include <b.h>\n'), ['queue/a.h']);
});

test('includes name files from the root of the project', () => {
  const missing = pairs.filter(([, to]) => !fs.existsSync(path.join(root, to)) && !/^proto\/\w+\.pb\.h$/.test(to));
  assert.deepEqual(missing, []);
});

test('no header is included in a circle', () => {
  const edges = new Map();
  for (const [from, to] of pairs) if (from.endsWith('.h')) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set(), onPath = [];
  const visit = (file) => {
    if (onPath.includes(file)) assert.fail([...onPath, file].join(' → '));
    if (done.has(file)) return;
    onPath.push(file);
    for (const next of edges.get(file) ?? []) visit(next);
    onPath.pop();
    done.add(file);
  };
  for (const file of edges.keys()) visit(file);
});

test('nothing behind the front door knows connections', () => {
  const inner = pairs.filter(([from, to]) => /gateway\/http\/connection/.test(to) && !from.startsWith('gateway/http/'));
  assert.deepEqual(inner, []);
});

// A third party's errors are translated in the one place that includes it.
const thirdParties = {
  'CLI/': /^(gateway\/cli\/command|executor\/(main|\w+\/\w*command)|bench\/((\w+\/)?main|cli\/\w+))\.(cc|h)$/,
  'spdlog/': /^(gateway|executor)\/log\//,
  'yaml-cpp/': /^(gateway\/config\/yaml|executor\/definition\/\w+)\.cc$/,
  'rocksdb/': /^queue\/rocks_\w+\.(cc|h)$/,
  'curl/': /^(gateway\/(cli\/api_client|app\/jwks_cache)|executor\/(main|tasks\/\w+)|bench\/http\/\w+)\.(cc|h)$/,
  're2/': /^executor\/(jq|flow)\/\w+\.(cc|h)$/,
  'llhttp': /^(gateway\/http|bench\/\w+)\/\w+\.(cc|h)$/,
};

test('each third party is known to one place', () => {
  for (const [prefix, place] of Object.entries(thirdParties)) {
    const users = sources.filter((f) => parts.includes(partOf(f)) &&
      new RegExp(`^\\s*#\\s*include\\s+<${prefix}`, 'm').test(read(f)));
    assert.deepEqual(users.filter((f) => !place.test(f)), [], prefix);
  }
});

const longAllowed = [];  // a file over 500 lines is listed here with its reason, or carved

test('no source is over 500 lines', () => {
  const long = sources.filter((f) => !longAllowed.includes(f) && read(f).split('\n').length > 500);
  assert.deepEqual(long, []);
});

test('the median source is a page or two', () => {
  const lengths = sources.filter((f) => parts.includes(partOf(f))).map((f) => read(f).split('\n').length).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)];
  assert.ok(median <= 150, `the median is ${median} lines`);
});

test('every header has one guard and opens with its job', () => {
  for (const file of sources.filter((f) => f.endsWith('.h') && parts.includes(partOf(f)))) {
    const text = read(file);
    assert.match(text, /^\/\/ \S/, `${file} does not open with a comment`);
    assert.equal(text.match(/^#pragma once$/gm)?.length, 1, file);
  }
});

test('no coroutines, no [=], no placeholder', () => {
  for (const file of sources.filter((f) => parts.includes(partOf(f)))) {
    const code = read(file).replace(/\/\/.*$/gm, '').replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
    assert.doesNotMatch(code, /\bco_(await|yield|return)\b/, file);
    assert.doesNotMatch(code, /\[=[\],]/, file);
    assert.doesNotMatch(path.basename(file), /^placeholder/, file);
  }
});

test('the top level is the agreed one', () => {
  const top = [...new Set(files.map((f) => f.split('/')[0]))].filter((name) => !name.startsWith('.')).sort();
  const agreed = ['ARCHITECTURE.md', 'CMakeLists.txt', 'CMakePresets.json', 'CONTRIBUTING.md', 'LICENSE', 'README.md',
    'bench', 'deploy', 'executor', 'gateway', 'proto', 'queue', 'tests'];
  assert.deepEqual(top.filter((name) => !agreed.includes(name)), []);
  for (const name of agreed) assert.ok(fs.existsSync(path.join(root, name)), `${name} is missing`);
});

test('nothing of one machine is in the tree', () => {
  const own = path.basename(fileURLToPath(import.meta.url));
  const traces = [new RegExp(['', 'work', 'main'].join('/') + '\\b'), new RegExp(['', 'home', '[a-z]'].join('/')),
    new RegExp('/tmp/' + 'bash'), new RegExp('\\.' + 'internal\\b'), new RegExp('art' + 'ifactory', 'i')];
  const found = [];
  for (const file of files.filter((f) => path.basename(f) !== own && fs.statSync(path.join(root, f)).size < 1 << 20)) {
    for (const trace of traces) if (trace.test(read(file))) found.push(`${file}: ${trace}`);
  }
  assert.deepEqual(found, []);
});

test('lock files name no download addresses', () => {
  for (const file of files.filter((f) => f.endsWith('package-lock.json'))) assert.doesNotMatch(read(file), /"resolved"/, file);
});

test('packages are listed once and read by all who install', () => {
  const list = read('deploy/packages.txt').split('\n').filter((l) => l && !l.startsWith('#'));
  for (const line of list) assert.match(line, /^(build|run|test|bench) [a-z0-9.+-]+$/, line);
  assert.equal(new Set(list).size, list.length, 'a package is listed twice in a group');
  assert.match(read('deploy/lib.sh'), /deploy\/packages\.txt/);
  assert.match(read('deploy/Dockerfile'), /packages\.txt/);
  for (const script of ['deploy/start', 'deploy/test']) {
    assert.match(read(script), /install_packages (build|run)/, script);
    assert.doesNotMatch(read(script), /apt-get/, script);
  }
  assert.match(read('.ci/run'), /deploy\/test/);
});

test('scripts stop at the first fault', () => {
  for (const file of files.filter((f) => /^#!.*\bbash/.test(read(f).slice(0, 60)))) {
    if (file === '.ci/run') continue;
    assert.match(read(file), /^set -euo pipefail$/m, file);
    execFileSync('bash', ['-n', path.join(root, file)]);
    assert.ok(fs.statSync(path.join(root, file)).mode & 0o100, `${file} is not executable`);
  }
});

test('links between documents lead somewhere', () => {
  for (const file of files.filter((f) => /^[^/]+\.md$/.test(f) || f.startsWith('proto/') && f.endsWith('.md'))) {
    for (const [, target] of read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)) {
      assert.ok(fs.existsSync(path.join(root, path.dirname(file), target)), `${file} links to ${target}`);
    }
  }
});
