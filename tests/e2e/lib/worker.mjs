// A worker that does what a run's body tells it, by the worker protocol alone (proto/worker.proto):
// for tests of streams, whose pieces and moments must be known. It checks no definitions.
//
// A body: { say: [text, …], every_ms, first_ms, output, http: { status, content_type, headers, body },
// fail: { status, title, detail, retryable }, reply_after: N (say that many, then reply, then go on) }.
// What an earlier attempt said is not said again.
import net from 'node:net';

// --- protobuf, as far as it is needed ---

function varint(value) {
  const bytes = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}
const number = (field, value) => (value ? Buffer.concat([varint(field << 3), varint(value)]) : Buffer.alloc(0));
function bytes(field, value) {
  if (value === undefined) return Buffer.alloc(0);
  const data = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(data.length), data]);
}
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

/** The fields of a message: Map of number to an array of values (BigInt or Buffer). */
function fields(data) {
  const found = new Map();
  let at = 0;
  const next = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const tag = Number(next());
    let value = (tag & 7) === 0 ? next() : undefined;
    if ((tag & 7) === 2) {
      const size = Number(next());
      value = data.subarray(at, at += size);
    }
    found.set(tag >> 3, [...(found.get(tag >> 3) ?? []), value]);
  }
  return found;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function outcome({ output = null, http, fail, usage }) {
  if (fail) {
    return [number(1, 6), message(6, bytes(1, 'about:blank'), number(2, fail.status ?? 500),
      bytes(3, fail.title ?? 'failed'), bytes(4, fail.detail ?? '')), number(7, fail.retryable ? 1 : 0)];
  }
  const headers = Object.entries(http?.headers ?? {}).map(([name, value]) => message(4, bytes(1, name), bytes(2, value)));
  return [number(1, 5), number(2, http?.status ?? 0), bytes(3, http?.content_type ?? 'application/json'), ...headers,
    bytes(5, http?.body ?? JSON.stringify(output)),
    ...(usage ? [message(9, number(2, usage.prompt), number(3, usage.completion), number(4, 1))] : [])];
}

export class StreamWorker {
  /** Connects to the gateway with this data folder, and again whenever it comes back. */
  constructor(data, { slots = 256 } = {}) {
    this.path = `${data}/executors.sock`;
    this.slots = slots;
    this.said = [];  // { run, text, at_ms } as it left
    this.ended = new Map();  // run: the moment its end left
    this.cancelled = new Set();
    this.connect();
  }

  connect() {
    if (this.closed) return;
    const socket = this.socket = net.connect(this.path);
    let pending = Buffer.alloc(0);
    socket.on('connect', () => this.send(message(1, number(1, 1), bytes(2, 'streams'), bytes(3, 'test'), number(4, this.slots), number(6, process.pid))));
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32LE()) {
        const size = pending.readUInt32LE();
        this.onFrame(socket, fields(pending.subarray(4, 4 + size)));
        pending = pending.subarray(4 + size);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => setTimeout(() => this.connect(), 50));
    clearInterval(this.beat);
    this.beat = setInterval(() => this.send(message(11, number(1, 1))), 500);
  }

  send(frame) {
    if (this.socket.readyState !== 'open') return;
    const size = Buffer.alloc(4);
    size.writeUInt32LE(frame.length);
    this.socket.write(Buffer.concat([size, frame]));
  }

  onFrame(socket, frame) {
    for (const raw of frame.get(13) ?? []) {
      const lint = fields(raw);
      const name = /name:\s*([\w-]+)/.exec(lint.get(2)[0].toString())?.[1] ?? 'x';
      this.send(message(14, number(1, lint.get(1)[0]), number(3, 1), bytes(4, name)));
    }
    for (const raw of frame.get(9) ?? []) this.cancelled.add(fields(raw).get(1)[0].toString('hex'));
    for (const raw of frame.get(4) ?? []) this.work(socket, fields(raw));
  }

  async work(socket, dispatch) {
    const [run] = dispatch.get(1), [fence] = dispatch.get(2);
    const name = run.toString('hex');
    const head = [bytes(1, run), number(2, fence)];
    const here = () => this.socket === socket && socket.readyState === 'open' && !this.cancelled.has(name);
    const body = JSON.parse(dispatch.get(7)[0]);
    const told = (dispatch.get(9) ?? []).map(fields).filter((piece) => piece.get(1)[0].toString() === 'delta')
      .map((piece) => piece.get(2)[0].toString()).join('');
    if (body.first_ms && !told) await sleep(body.first_ms);
    let whole = '';
    for (const [i, text] of (body.say ?? []).entries()) {
      whole += text;
      if (whole.length <= told.length) continue;
      if (i && body.every_ms) await sleep(body.every_ms);
      if (!here()) return;
      const rest = whole.slice(Math.max(told.length, whole.length - text.length));
      this.send(message(10, ...head, bytes(3, 'delta'), bytes(4, rest), number(5, 1)));
      this.said.push({ run: name, text: rest, at_ms: performance.now() });
      if (body.reply_after === i + 1) this.send(message(23, ...head, message(3, ...outcome({ output: 'early' }))));
    }
    if (body.last_ms) await sleep(body.last_ms);
    if (!here()) return;
    this.ended.set(name, performance.now());
    this.send(message(5, ...head, message(3, ...outcome({ output: body.say ? whole : body, ...body }))));
  }

  close() {
    this.closed = true;
    clearInterval(this.beat);
    this.socket.destroy();
  }
}
