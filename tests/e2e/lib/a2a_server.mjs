// A real A2A agent (the community's SDK) as a process: echoes in capitals, streams two updates.
import { AGENT_CARD_PATH } from '@a2a-js/sdk';
import { DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import { A2AExpressApp } from '@a2a-js/sdk/server/express';
import crypto from 'node:crypto';
import express from 'express';

class Shouter {
  async execute(context, bus) {
    const text = context.userMessage.parts.map((part) => part.text ?? '').join('');
    if (text === 'task') {
      const { taskId: id, contextId } = context;
      bus.publish({ kind: 'task', id, contextId, status: { state: 'working' }, history: [context.userMessage] });
      bus.publish({ kind: 'status-update', taskId: id, contextId, status: { state: 'completed' }, final: true });
    } else {
      bus.publish({ kind: 'message', messageId: crypto.randomUUID(), role: 'agent', contextId: context.contextId,
        parts: [{ kind: 'text', text: text.toUpperCase() }], metadata: { asked: context.userMessage.messageId } });
    }
    bus.finished();
  }
  async cancelTask() {}
}

const app = express();
const http = app.listen(0, '127.0.0.1', () => {
  const { port } = http.address();
  const card = { name: 'shouter', description: 'shouts', protocolVersion: '0.3.0', version: '1.0.0',
    url: `http://127.0.0.1:${port}/`, preferredTransport: 'JSONRPC', capabilities: { streaming: true },
    defaultInputModes: ['text'], defaultOutputModes: ['text'], skills: [] };
  const handler = new DefaultRequestHandler(card, new InMemoryTaskStore(), new Shouter());
  new A2AExpressApp(handler).setupRoutes(app);
  console.log(JSON.stringify({ port, card: AGENT_CARD_PATH }));
});
