// Server-sent events as they come, with the moment of each.
import http from 'node:http';

/** Reads a stream to its end, or until `enough(events)`; { status, headers, events: [{id,event,data,at_ms}] }. */
export function readEvents(url, { headers = {}, method = 'GET', body, enough = () => false, timeoutMs = 30_000 } = {}) {
  return new Promise((resolve, reject) => {
    const fields = { accept: 'text/event-stream', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    const request = http.request(url, { method, headers: fields, agent: false }, (answer) => {
      const events = [], comments = [];
      const done = () => resolve({ status: answer.statusCode, headers: answer.headers, events, comments });
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => {
        text += part;
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
          const block = text.slice(0, end).split('\n');
          if (block[0].startsWith(':')) comments.push(block[0]);
          const data = block.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
          if (!data.length) continue;
          const value = (name) => block.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          events.push({ id: value('id'), event: value('event'), data: data.join('\n'), at_ms: performance.now() });
        }
        if (enough(events)) { done(); request.destroy(); }
      });
      answer.on('end', done);
      answer.on('error', done);
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(body);
  });
}

export const textOf = (events) => events.filter((e) => e.event === 'delta').map((e) => JSON.parse(e.data).text).join('');
export const kinds = (events) => events.map((e) => e.event);
