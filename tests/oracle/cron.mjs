// Cron expressions against npm croner: random ones, from random moments, in zones whose clocks do
// not change that day (what happens where they do, the two decide differently; ours is documented and
// tested in tests/gateway/cron_test.cc). Usage: node cron.mjs PATH/tests-cron [COUNT] [SEED]
import { spawnSync } from 'node:child_process';
import { Cron } from 'croner';

const [tool, count = '3000', seed = '1'] = process.argv.slice(2);
let state = Number(seed) >>> 0;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const pick = (list) => list[random(list.length)];
const between = (low, high) => low + random(high - low + 1);

function field(low, high, names) {
  const one = () => {
    const a = between(low, high);
    switch (random(6)) {
      case 0: return '*';
      case 1: return `*/${between(2, Math.max(2, high >> 1))}`;
      case 2: { const b = between(a, high); return a === b ? `${a}` : `${a}-${b}`; }
      case 3: { const b = between(a, high); return `${a}-${b}/${between(1, 5)}`; }
      case 4: return names ? pick(names) : `${a}`;
      default: return `${a}`;
    }
  };
  const parts = [one()];
  while (random(3) === 0 && parts.length < 3) parts.push(one());
  return parts.includes('*') ? '*' : parts.join(',');
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const days = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];

function expression() {
  const dom = random(8) === 0 ? 'L' : field(1, 31);
  const dow = random(8) === 0 ? `${between(0, 6)}#${between(1, 5)}` : field(0, 6, days);
  const fields = [field(0, 59), field(0, 23), dom, field(1, 12, months), dow];
  return random(4) === 0 ? [field(0, 59), ...fields].join(' ') : fields.join(' ');
}

/** Does the zone's offset change within two days of this moment? */
function changes(zone, ms) {
  const offset = (at) => new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(new Date(at)).find((part) => part.type === 'timeZoneName').value;
  return offset(ms - 2 * 86400e3) !== offset(ms + 2 * 86400e3);
}

const cases = [];
for (let i = 0; i < Number(count); i++) {
  const zone = pick(zones), text = expression();
  const from = Date.UTC(2024, 0, 1) + random(5 * 365) * 86400e3 + random(86400) * 1000;
  cases.push({ zone, text, from });
}
const input = cases.map((one) => `${one.from} TZ=${one.zone} ${one.text}`).join('\n') + '\n';
const ours = spawnSync(tool, { input, maxBuffer: 1 << 28 }).stdout.toString().trim().split('\n');

let compared = 0, left = 0;
const different = [];
cases.forEach((one, i) => {
  const mine = ours[i];
  let theirs;
  try {
    const next = new Cron(one.text, { timezone: one.zone, paused: true }).nextRun(new Date(one.from));
    theirs = next ? String(next.getTime()) : 'never';
  } catch {
    theirs = 'error';
  }
  const far = mine === 'never' || theirs === 'never';
  if (far || changes(one.zone, one.from) || (mine !== 'error' && changes(one.zone, Number(mine)))) return left++;
  compared++;
  if (mine !== theirs) different.push({ ...one, mine, theirs });
});
for (const one of different.slice(0, 20)) console.error(JSON.stringify(one));
console.log(`cron: ${compared} compared, ${left} left out (clocks change, or never), ${different.length} different`);
process.exit(different.length === 0 && compared > Number(count) / 2 ? 0 : 1);
