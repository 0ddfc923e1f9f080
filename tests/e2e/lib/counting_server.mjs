// Counts the calls of workflows: POST /RUN/TASK answers after 5 to 35 ms; GET /calls gives all of
// them, as {"RUN/TASK": [{at, key}, …]} in the order they came; GET /count how many tasks were called;
// GET /mark the time by which all is counted that was sent before the mark was asked for.
// Times are of the monotonic clock, which all processes of a machine share, in milliseconds. It is a
// process of its own, so that what keeps the test busy does not put off when a call is seen.
import http from 'node:http';

const calls = new Map();
const now = () => Number(process.hrtime.bigint()) / 1e6;

const server = http.createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/calls') return response.end(JSON.stringify(Object.fromEntries(calls)));
  if (request.url === '/count') return response.end(String(calls.size));
  // Requests that lie in sockets are read in this turn of the loop or in the next one.
  if (request.url === '/mark') return setImmediate(() => setTimeout(() => response.end(String(now())), 1));
  const place = request.url.slice(1);
  if (!calls.has(place)) calls.set(place, []);
  calls.get(place).push({ at: now(), key: request.headers['idempotency-key'] });
  request.resume();
  setTimeout(() => response.end(JSON.stringify({ run: Number(place.split('/')[0]) })), 5 + Math.random() * 30);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })));
