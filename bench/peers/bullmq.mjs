// Usage: node bullmq.mjs PORT REDIS-PORT. A POST becomes a job; 202 once Redis has said it is kept.
import { Queue } from 'bullmq';
import express from 'express';

const [port, redisPort] = process.argv.slice(2).map(Number);
const queue = new Queue('events', { connection: { host: '127.0.0.1', port: redisPort } });
const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.use(express.json({ limit: '1mb' }));
app.post('/hook', async (request, response) => {
  const job = await queue.add('event', request.body, { removeOnComplete: true });
  response.status(202).json({ id: job.id });
});
app.listen(port, '127.0.0.1', 4096);
