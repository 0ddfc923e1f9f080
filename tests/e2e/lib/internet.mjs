// A small internet on loopback: one HTTPS and one HTTP server that play every host they are asked
// to, under an authority of their own, and remember what came.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

const listen = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

function pass(url, { method, headers, text }, response) {
  const onward = http.request(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  onward.end(text);
}

/** `answer({method, host, path, headers, body, text}, count)` gives
 * {status, headers, body, delayMs, after} or just a body; it is held until `after`, a path, was asked for.
 * Or { pass: URL }: what the server there answers, as it comes. */
export class Internet {
  static async start(folder, hosts, answer) {
    const net = new Internet();
    Object.assign(net, { hosts, answer, requests: [], ca: path.join(folder, 'ca.pem') });
    const key = path.join(folder, 'key.pem');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=stub', '-addext', `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`,
      '-keyout', key, '-out', net.ca], { stdio: 'ignore' });
    const serve = (request, response) => net.serve(request, response);
    net.servers = [https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(net.ca) }, serve), http.createServer(serve)];
    [net.tlsPort, net.plainPort] = await Promise.all(net.servers.map(listen));
    return net;
  }

  serve(request, response) {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', async () => {
      const text = Buffer.concat(pieces).toString();
      let body;
      try { body = JSON.parse(text); } catch { /* no JSON */ }
      const seen = { method: request.method, host: request.headers.host, path: request.url, headers: request.headers, text, body };
      this.requests.push(seen);
      const same = this.requests.filter((one) => one.method === seen.method && one.host === seen.host && one.path === seen.path);
      const found = this.answer(seen, same.length);
      if (found?.pass) return pass(found.pass, seen, response);
      const whole = Number.isInteger(found?.status) || found?.delayMs || found?.after;
      const { status = 200, headers = {}, body: reply = found, delayMs = 0, after } = whole ? found : {};
      while (after && !this.requests.some((one) => one.path === after)) await new Promise((resolve) => setTimeout(resolve, 5));
      if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(reply ?? null));
    });
  }

  /** Flags of `workflow run` and `serve` that lead all hosts here. */
  get flags() {
    return ['--cacert', this.ca, ...this.hosts.flatMap((host) => ['--resolve', `${host}:443:127.0.0.1:${this.tlsPort}`,
      '--resolve', `${host}:80:127.0.0.1:${this.plainPort}`])];
  }

  stop() {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections?.();
    }
  }
}
