// Requests by the real curl: what the README tells people to type.
import { spawn } from 'node:child_process';

/** Runs a program; resolves to { code, signal, stdout: Buffer, stderr: string }. */
export function run(program, args, { input, env, cwd, timeoutMs = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: env ?? process.env, cwd });
    const out = [], err = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout.on('data', (b) => out.push(b));
    child.stderr.on('data', (b) => err.push(b));
    child.on('error', reject);
    child.stdin.on('error', () => {});
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() });
    });
    child.stdin.end(input ?? '');
  });
}

/** Splits `curl -i` output into the last head and the body. */
function parse(bytes) {
  let head = '', rest = bytes;
  while (rest.subarray(0, 5).toString() === 'HTTP/') {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    head = rest.subarray(0, end).toString('latin1');
    rest = rest.subarray(end + 4);
    if (!/^HTTP\/[\d.]+ 1\d\d/.test(head)) break;
  }
  const headers = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(head.split(' ')[1] ?? 0), headers, body: rest };
}

/**
 * One request. `body`: string or Buffer, sent as JSON unless `headers` says otherwise.
 * Resolves to { status, headers, body: Buffer, text, json() , curlCode }.
 */
export async function curl(url, { method, headers = {}, body, args = [], timeoutMs = 60_000 } = {}) {
  const line = ['-sS', '-i', '--max-time', String(Math.ceil(timeoutMs / 1000)), ...args];
  const fields = { ...(body !== undefined ? { 'content-type': 'application/json' } : {}), ...headers };
  for (const [name, value] of Object.entries(fields)) line.push('-H', `${name}: ${value}`);
  if (method) line.push('-X', method);
  if (body !== undefined) line.push('--data-binary', '@-');
  const done = await run('curl', [...line, url], { input: body, timeoutMs: timeoutMs + 5000 });
  const answer = parse(done.stdout);
  answer.curlCode = done.code;
  answer.stderr = done.stderr;
  answer.text = answer.body.toString();
  answer.json = () => JSON.parse(answer.text);
  return answer;
}
