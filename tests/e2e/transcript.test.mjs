// The guide to a first trigger, as people would type it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { Gateway, bin, root } from './lib/gateway.mjs';
import { pattern, playTranscript, readTranscript } from './lib/transcript.mjs';

test('a transcript is read block by block, and … stands for anything', () => {
  const steps = readTranscript("x\n```console\n$ a <<'E'\n1\nE\nout … put\n```\n```console\n$ b\n```\n");
  assert.deepEqual(steps.map((s) => [s.command, s.expected]), [["a <<'E'\n1\nE", ['out … put']], ['b', []]]);
  assert.match('out  7 put', pattern('out … put'));
  assert.doesNotMatch('out 7', pattern('out … put'));
});

test('the first trigger, step by step, by the command line alone', async () => {
  const steps = readTranscript(fs.readFileSync(path.join(root, 'gateway/cli/FIRST_TRIGGER.md'), 'utf8'));
  assert.ok(steps.length >= 15, `${steps.length} steps`);
  const gateway = await Gateway.start();
  try {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PENSTOCK_')));
    await playTranscript(steps, {
      cwd: gateway.folder,
      env: { ...env, PATH: `${bin}:${process.env.PATH}`, PENSTOCK_URL: gateway.adminUrl, PENSTOCK_DATA: gateway.data, NO_COLOR: '1' },
    });
  } finally {
    await gateway.clear();
  }
});
