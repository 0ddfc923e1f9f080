// The part of executor/CONFORMANCE.md between `<!-- NAME -->` and `<!-- /NAME -->` is what a test
// found. UPDATE_DOCS=1 writes it; otherwise a test fails when it is stale.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { root } from './gateway.mjs';

const file = path.join(root, 'executor/CONFORMANCE.md');

export function checkSection(name, lines) {
  const text = fs.readFileSync(file, 'utf8');
  const open = `<!-- ${name} -->\n`, close = `<!-- /${name} -->`;
  const begin = text.indexOf(open) + open.length, end = text.indexOf(close);
  assert.ok(begin >= open.length && end >= begin, `${file} has no section ${name}`);
  const made = `${lines.join('\n')}\n`;
  if (process.env.UPDATE_DOCS) return fs.writeFileSync(file, text.slice(0, begin) + made + text.slice(end));
  assert.equal(text.slice(begin, end), made, 'executor/CONFORMANCE.md is stale: run this test with UPDATE_DOCS=1');
}
