// Usage: node node-fsync.mjs PORT FILE. Answers a POST once its body is on disk; all that arrive
// during one fdatasync share the next.
import fs from 'node:fs';
import http from 'node:http';

const [port, path] = process.argv.slice(2);
const file = fs.openSync(path, 'a');
let waiting = [];
let busy = false;

function commit() {
  if (busy || waiting.length === 0) return;
  busy = true;
  const batch = waiting;
  waiting = [];
  fs.writev(file, batch.flatMap((w) => w.chunks), (failed) => {
    if (failed) throw failed;
    fs.fdatasync(file, (unsynced) => {
      if (unsynced) throw unsynced;
      busy = false;
      for (const { response } of batch) {
        response.writeHead(202, { 'content-length': 0 });
        response.end();
      }
      commit();
    });
  });
}

http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method !== 'POST') return response.end();
    JSON.parse(Buffer.concat(chunks));
    waiting.push({ chunks, response });
    commit();
  });
}).listen(Number(port), '127.0.0.1', 4096);
