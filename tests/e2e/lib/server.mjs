// Starts one of the servers beside this file as a process that prints a line of JSON when it is ready.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));

/** What it printed, and stop(). */
export async function startServer(file, ...args) {
  const child = spawn(process.execPath, [path.join(folder, file), ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => { text += bytes; if (text.includes('\n')) resolve(text); });
    child.on('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  const stop = () => new Promise((resolve) => { child.on('close', resolve); child.kill('SIGKILL'); });
  return { ...JSON.parse(line), stop };
}
