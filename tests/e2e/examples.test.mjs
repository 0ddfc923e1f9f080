// Every example of the standard: lint judges it as it should, and each that is in the profile runs
// to its outcome, against services on loopback and with time that passes at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';

import { checkSection } from './lib/conformance.mjs';
import { penstock, root, tempFolder } from './lib/gateway.mjs';
import { Internet } from './lib/internet.mjs';
import { isRefused, recipes } from './examples/recipes.mjs';
import { answer, hosts } from './examples/world.mjs';

const examples = path.join(process.env.PENSTOCK_OWS ?? path.join(root, '../shared/ows'), 'examples');
const here = fs.existsSync(examples);
const names = here ? fs.readdirSync(examples).filter((f) => f.endsWith('.yaml')).map((f) => f.slice(0, -5)).sort() : [];
const folder = tempFolder();
const net = await Internet.start(folder, hosts, answer);
after(() => {
  net.stop();
  fs.rmSync(folder, { recursive: true });
});

fs.writeFileSync(path.join(folder, 'register-customer.yaml'), `document: { dsl: '1.0.3', namespace: test, name: register-customer, version: '0.1.0' }
do:
  - register: { set: { registered: '\${ .customer }' } }
`);

/** Whether `found` has all that `wanted` has; arrays as long as each other. */
function covers(found, wanted) {
  if (wanted === null || typeof wanted !== 'object') return Object.is(found, wanted);
  if (found === null || typeof found !== 'object' || Array.isArray(found) !== Array.isArray(wanted)) return false;
  if (Array.isArray(wanted) && found.length !== wanted.length) return false;
  return Object.keys(wanted).every((key) => covers(found[key], wanted[key]));
}

function flags(recipe) {
  const list = ['--json', '--skip-waits', ...net.flags];
  if (recipe.input !== undefined) list.push('--input', JSON.stringify(recipe.input));
  for (const event of recipe.events ?? []) list.push('--event', JSON.stringify(event));
  for (const [name, value] of Object.entries(recipe.secrets ?? {})) list.push('--secret', `${name}=${JSON.stringify(value)}`);
  if (recipe.with) list.push('--with', path.join(folder, `${recipe.with}.yaml`));
  return list;
}

async function play(name, recipe) {
  net.requests.length = 0;
  const done = await penstock(['workflow', 'run', path.join(examples, `${name}.yaml`), ...flags(recipe)]);
  const result = JSON.parse(done.stdout.toString() || '{}');
  const text = `${done.stdout}${done.stderr}`;
  if (recipe.error) {
    assert.equal(done.code, 1, text);
    assert.ok(covers(result.error, recipe.error), text);
  } else {
    assert.equal(done.code, 0, text);
    assert.ok(covers(result.output, recipe.output), text);
  }
  const seen = net.requests.map((one) => `${one.method} ${one.path}`);
  for (const line of recipe.sent ?? []) {
    assert.equal(seen.filter((one) => one === line).length, recipe.times ?? 1, `${line} in ${seen.join(', ')}`);
  }
  if (recipe.headers) assert.ok(covers(net.requests.at(-1).headers, recipe.headers), JSON.stringify(net.requests.at(-1).headers));
  if (recipe.body) assert.ok(net.requests.some((one) => covers(one.body, recipe.body)), JSON.stringify(net.requests));
}

test('all 68 examples are judged by lint as they should be', { skip: !here && 'the examples are not beside the project' }, async () => {
  assert.equal(names.length, 68);
  const done = await penstock(['workflow', 'lint', '--json', ...names.map((name) => path.join(examples, `${name}.yaml`))]);
  const reports = done.stdout.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  reports.forEach((report, i) => assert.equal(report.sound, !isRefused(names[i]), names[i]));
});

for (const [name, recipe] of Object.entries(recipes)) {
  test(`the example ${name}: ${recipe.says}`, { skip: !here }, () => play(name, recipe));
}

test('the table of examples is what was found', { skip: !here }, () => {
  const rows = names.map((name) => {
    const says = recipes[name]?.says ?? (isRefused(name) ? '*refused by lint, with a reason*' : '*not run*');
    return `| ${name} | ${says} |`;
  });
  const ran = names.filter((name) => recipes[name]).length;
  checkSection('examples', [`${ran} of ${names.length} examples run to their outcome:`, '', '| example | outcome |', '|---|---|', ...rows]);
});
