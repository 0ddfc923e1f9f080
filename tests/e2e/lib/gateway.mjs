// Starts the real `penstock serve` on a folder of its own and free ports, and talks to it as
// operators do: through the real command line.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { curl, run } from './curl.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
/** Where the programs lie; deploy/test names the build it tests. */
export const bin = process.env.E2E_BIN ?? path.join(root, 'build/release/bin');
/** Sanitized builds are slower: every patience is multiplied. */
export const patience = Number(process.env.E2E_PATIENCE ?? 1);

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function tempFolder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-e2e-'));
}

/** Calls `look` until it gives something; fails with `what` when the time is up. */
export async function until(what, look, timeoutMs = 15_000) {
  const end = Date.now() + timeoutMs * patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${timeoutMs * patience} ms: ${what}`);
    await sleep(20);
  }
}

/** The environment of a child: ours without what would configure Penstock. */
function cleanEnv(extra = {}) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PENSTOCK_')));
  return { ...env, ...extra };
}

export function penstock(args, options = {}) {
  return run(path.join(bin, 'penstock'), args, { ...options, env: cleanEnv(options.env) });
}

export class Gateway {
  /** `args`: further flags of serve; `folder`: an earlier one's, to go on with its data. */
  static async start({ args = [], folder, ports, ready = true, env } = {}) {
    const gateway = new Gateway();
    gateway.folder = folder ?? tempFolder();
    gateway.data = path.join(gateway.folder, 'data');
    gateway.args = args;
    gateway.env = env;
    [gateway.port, gateway.adminPort] = ports ?? [await freePort(), await freePort()];
    gateway.scheme = args.includes('--tls-cert') ? 'https' : 'http';
    gateway.spawn();
    if (ready) await gateway.waitReady();
    return gateway;
  }

  spawn() {
    this.log = fs.openSync(path.join(this.folder, 'log'), 'a');
    this.child = spawn(path.join(bin, 'penstock'), ['serve', '--data', this.data,
      '--listen', `127.0.0.1:${this.port}`, '--admin-listen', `127.0.0.1:${this.adminPort}`,
      '--executors', '1', ...this.args], { stdio: ['ignore', this.log, this.log], env: cleanEnv(this.env) });
    this.ended = new Promise((resolve) => this.child.on('exit', (code, signal) => {
      fs.closeSync(this.log);
      this.child.gone = true;
      resolve({ code, signal });
    }));
  }

  get url() { return `${this.scheme}://127.0.0.1:${this.port}`; }
  get adminUrl() { return `http://127.0.0.1:${this.adminPort}`; }
  get token() { return fs.readFileSync(path.join(this.data, 'admin-token'), 'utf8').trim(); }
  logText() { return fs.readFileSync(path.join(this.folder, 'log'), 'utf8'); }

  async waitReady() {
    await until('the gateway is ready', async () => {
      if (this.child.gone) throw new Error(`the gateway ended:\n${this.logText().slice(-3000)}`);
      return (await curl(`${this.adminUrl}/readyz`)).status === 200;
    }, 20_000);
  }

  /** A client command against this gateway. */
  cli(...args) {
    return penstock([...args, '--url', this.adminUrl, '--data', this.data]);
  }

  /** A client command that must succeed; its stdout. */
  async ok(...args) {
    const done = await this.cli(...args);
    if (done.code !== 0) throw new Error(`penstock ${args.join(' ')} gave ${done.code}: ${done.stderr}${done.stdout}`);
    return done.stdout.toString();
  }

  /** Applies a workflow whose `do` is given as YAML lines. */
  async workflow(name, tasks) {
    const file = path.join(this.folder, `${name}.yaml`);
    fs.writeFileSync(file, `document: { dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0' }\ndo:\n${tasks}\n`);
    return this.ok('workflow', 'apply', file);
  }

  /** Makes a trigger; what `trigger create --json` prints. */
  async trigger(name, ...flags) {
    return JSON.parse(await this.ok('trigger', 'create', name, ...flags, '--json'));
  }

  /** A workflow and a trigger of the same name. */
  async flow(name, tasks, ...flags) {
    await this.workflow(name, tasks);
    return this.trigger(name, '--workflow', name, ...flags);
  }

  /** The operators' API. */
  api(pathname, options = {}) {
    return curl(this.adminUrl + pathname, { ...options, headers: { authorization: `Bearer ${this.token}`, ...options.headers } });
  }

  async stats() {
    return (await this.api('/v1/stats')).json();
  }

  run(id, wait) {
    return curl(`${this.url}/v1/runs/${id}${wait ? `?wait=${wait}` : ''}`);
  }

  /** Waits for a run's end; its status object. */
  async ended_run(id) {
    return until(`run ${id} ends`, async () => {
      const run_ = (await this.run(id, 5)).json();
      return ['succeeded', 'failed', 'cancelled', 'dead'].includes(run_.status) && run_;
    });
  }

  /** SIGTERM, then its exit. */
  async stop(signal = 'SIGTERM') {
    if (!this.child.gone) this.child.kill(signal);
    return this.ended;
  }

  /** kill -9 and start again on the same data and ports. */
  async crash() {
    await this.stop('SIGKILL');
    await this.again();
  }

  /** Starts it after its end, on the same data and ports. */
  async again() {
    this.spawn();
    await this.waitReady();
  }

  async restart() {
    const end = await this.stop();
    await this.again();
    return end;
  }

  /** Ends it and removes its folder. */
  async clear() {
    await this.stop('SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export const echo = "  - echo: { set: '${ . }' }";
export const waiting = (ms) => `  - pause: { wait: { milliseconds: ${ms} } }\n  - done: { set: { waited: true } }`;
