// Runs the console blocks of a Markdown guide, one after the other, in one shell's environment, and
// compares what they print with what the guide says.
import assert from 'node:assert/strict';

import { run } from './curl.mjs';

/** [{ line, command, expected }] of every block marked `console`. */
export function readTranscript(markdown) {
  const steps = [];
  for (const match of markdown.matchAll(/^```console\n\$ ([\s\S]*?)^```$/gm)) {
    const lines = match[1].replace(/\n$/, '').split('\n');
    const end = heredocEnd(lines);
    steps.push({
      line: markdown.slice(0, match.index).split('\n').length + 1,
      command: lines.slice(0, end).join('\n'),
      expected: lines.slice(end),
    });
  }
  return steps;
}

/** How many lines belong to the command: one, or up to the end of its here-document. */
function heredocEnd(lines) {
  const word = /<<'(\w+)'/.exec(lines[0])?.[1];
  return word ? lines.indexOf(word) + 1 : 1;
}

/** A line of the guide as a pattern: `…` is anything, runs of blanks are alike. */
export function pattern(line) {
  const literal = (text) => text.trim().split(/\s+/).filter(Boolean)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+');
  return new RegExp(`^\\s*${line.split('…').map(literal).join('[^\\n]*')}\\s*$`);
}

/** Runs the steps; `export X=$(…)` lasts for those behind it. */
export async function playTranscript(steps, { cwd, env }) {
  const kept = { ...env };
  for (const step of steps) {
    const exported = /^export (\w+)=/.exec(step.command)?.[1];
    const command = exported ? `${step.command}\nprintf %s "$${exported}"` : step.command;
    const done = await run('bash', ['-c', command], { cwd, env: kept });
    const where = `line ${step.line}: ${step.command.split('\n')[0]}\n${done.stdout}${done.stderr}`;
    assert.equal(done.code, 0, where);
    if (exported) {
      kept[exported] = done.stdout.toString();
      assert.ok(kept[exported], `${where} gave nothing`);
      continue;
    }
    const printed = done.stdout.toString().replace(/\n+$/, '').split('\n');
    const expected = step.expected.length ? step.expected : [''];
    assert.equal(printed.length, expected.length, where);
    expected.forEach((line, i) => assert.match(printed[i], pattern(line), `${where}\nexpected: ${line}`));
  }
}
