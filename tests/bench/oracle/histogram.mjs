// Holds our histogram against hdr-histogram-js: the same values in, the same figures and the same
// .hgrm rows out. Usage: node histogram.mjs PATH-OF-tests-bench-histogram   (after npm ci here)
import { execFileSync } from 'node:child_process';
import hdr from 'hdr-histogram-js';

const tool = process.argv[2];
let seed = 42n;
const random = () => {
  seed = (seed * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
  return Number(seed >> 11n) / 2 ** 53;
};
const many = (count, make) => Array.from({ length: count }, (_, i) => Math.round(make(i)));
const cases = {
  small: many(2000, (i) => i + 1),
  uniform: many(50_000, () => random() * 5e7),
  logarithmic: many(50_000, () => 10 ** (random() * 12)),
  'long tail': many(100_000, () => 2e5 / (1 - random()) ** 1.2),
  edges: [0, 1, 2047, 2048, 2049, 4095, 4096, 1e6, 2 ** 31, 2 ** 32, 3.5e12],
  single: [123456789],
};

let failed = 0;
const check = (name, ours, theirs, near = 0) => {
  if (Math.abs(ours - theirs) <= near * Math.abs(theirs)) return;
  failed++;
  console.error(`${name}: ours ${ours}, theirs ${theirs}`);
};

/** [value, percentile, count] of each row of an .hgrm text. */
const rows = (text) =>
  text.split('\n').map((line) => line.trim().split(/\s+/).map(Number)).filter((row) => row.length >= 3 && row.every((n) => !Number.isNaN(n)));

for (const [name, values] of Object.entries(cases)) {
  const out = execFileSync(tool, { input: values.join('\n'), encoding: 'utf8' });
  const ours = JSON.parse(out.slice(0, out.indexOf('\n')));
  const theirs = hdr.build({ bitBucketSize: 64, lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000_000, numberOfSignificantValueDigits: 3 });
  for (const value of values) theirs.recordValue(value);
  check(`${name} count`, ours.count, theirs.totalCount);
  check(`${name} max`, ours.max, theirs.maxValue, 0.001);
  check(`${name} mean`, ours.mean, theirs.mean, 1e-6);
  check(`${name} deviation`, ours.deviation, theirs.stdDeviation, 1e-6);
  for (const [percentile, value] of Object.entries(ours.at)) check(`${name} p${percentile}`, value, theirs.getValueAtPercentile(Number(percentile)));
  const mine = rows(out.slice(out.indexOf('\n'))), other = rows(theirs.outputPercentileDistribution(5, 1e6));
  check(`${name} rows`, mine.length, other.length);
  for (let i = 0; i < Math.min(mine.length, other.length); i++)
    for (const column of [0, 1, 2]) check(`${name} row ${i} column ${column}`, mine[i][column], other[i][column], 1e-9);
}
console.log(failed ? `${failed} differences` : `${Object.keys(cases).length} histograms alike`);
process.exit(failed ? 1 : 0);
