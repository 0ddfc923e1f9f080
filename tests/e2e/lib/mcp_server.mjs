// A real MCP server (the official SDK) as a process: over stdio, or with a port as argument over
// streamable HTTP with sessions. Tools: add {a, b}, fail, env; one prompt, one resource.
import crypto from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { z } from 'zod';

function make() {
  const server = new McpServer({ name: 'numbers', version: '1.0.0' });
  server.registerTool('add', { description: 'adds', inputSchema: { a: z.number(), b: z.number() } },
    async ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }] }));
  server.registerTool('env', { description: 'shows the environment', inputSchema: {} },
    async () => ({ content: [{ type: 'text', text: JSON.stringify(process.env) }] }));
  server.registerPrompt('greet', { argsSchema: { name: z.string() } },
    ({ name }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `Hello ${name}` } }] }));
  server.registerResource('note', 'note://one', {}, async (uri) => ({ contents: [{ uri: uri.href, text: 'a note' }] }));
  return server;
}

if (process.argv[2] === undefined) {
  await make().connect(new StdioServerTransport());
} else {
  const sessions = new Map();
  const app = express();
  app.use(express.json());
  app.all('/mcp', async (request, response) => {
    const id = request.headers['mcp-session-id'];
    if (request.headers.authorization !== 'Bearer sesame') return response.status(401).end();
    let transport = sessions.get(id);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => crypto.randomUUID(),
        enableJsonResponse: request.query.json === '1',
        onsessioninitialized: (made) => sessions.set(made, transport),
        onsessionclosed: (gone) => sessions.delete(gone),
      });
      await make().connect(transport);
    }
    return transport.handleRequest(request, response, request.body);
  });
  app.get('/sessions', (request, response) => response.json(sessions.size));
  const http = app.listen(Number(process.argv[2]), '127.0.0.1', () => console.log(JSON.stringify({ port: http.address().port })));
}
