// Many requests over kept connections, for load: curl starts a process for each.
import http from 'node:http';

export class Client {
  constructor(connections = 16) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Resolves to { status, headers, body: Buffer }; rejects when no whole answer came. */
  request(url, { method = 'GET', headers = {}, body, timeoutMs = 30_000 } = {}) {
    return new Promise((resolve, reject) => {
      const fields = body === undefined ? headers
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
      const request = http.request(url, { method, headers: fields, agent: this.agent }, (answer) => {
        const pieces = [];
        answer.on('data', (b) => pieces.push(b));
        answer.on('end', () => answer.complete
          ? resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) })
          : reject(new Error('cut off')));
        answer.on('error', reject);
      });
      request.setTimeout(timeoutMs, () => request.destroy(new Error('timeout')));
      request.on('error', reject);
      request.end(body);
    });
  }

  post(url, body, headers = {}) {
    return this.request(url, { method: 'POST', body, headers });
  }

  close() {
    this.agent.destroy();
  }
}

/** Runs `work(index)` for 0 … count-1, at most `width` at once. */
export async function inParallel(count, width, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
}
