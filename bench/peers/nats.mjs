// Usage: node nats.mjs PORT PUBLISHERS SECONDS FILE. Publishers that each wait for their ack; prints
// "rate p50 p99 p99.9 failures" with milliseconds.
import fs from 'node:fs';
import { connect, nanos } from 'nats';

const [port, publishers, seconds, path] = process.argv.slice(2);
const body = fs.readFileSync(path);
const connection = await connect({ servers: `127.0.0.1:${port}` });
const manager = await connection.jetstreamManager();
await manager.streams.add({ name: 'events', subjects: ['events'], storage: 'file', max_age: nanos(3600_000) }).catch(() => {});
const stream = connection.jetstream();
const took = [];
let failures = 0;
const began = performance.now();
const end = began + Number(seconds) * 1000;

async function publish() {
  for (let before = performance.now(); before < end; before = performance.now()) {
    try {
      await stream.publish('events', body);
      took.push(performance.now() - before);
    } catch {
      failures++;
    }
  }
}

await Promise.all(Array.from({ length: Number(publishers) }, publish));
const rate = took.length / ((performance.now() - began) / 1000);
took.sort((a, b) => a - b);
const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))].toFixed(3);
console.log(rate.toFixed(1), at(0.5), at(0.99), at(0.999), failures);
await connection.close();
