import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { type ApiAnswer, warningsIn } from '../../control-plane/harness/api-client.ts';

/** The API server through `kubectl proxy`, which knows every way to log in; unlike kubectl, one call costs one call. */
export interface Api {
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<ApiAnswer>;
  close(): void;
}

export async function openApi(): Promise<Api> {
  const proxy = spawn('kubectl', ['proxy', '--port=0', '--reject-methods=^$', '--reject-paths=^$'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    proxy.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    proxy.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const found = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    proxy.once('error', reject);
    proxy.once('exit', () => reject(new Error(`kubectl proxy ended: ${said}`)));
  });
  const agent = new Agent({ keepAlive: true });
  return {
    send: (method, path, body, contentType = 'application/json') =>
      new Promise((resolve, reject) => {
        const call = request(
          { port, host: '127.0.0.1', method, path, agent, headers: { 'content-type': contentType } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.once('error', reject);
            response.once('end', () => {
              const answer = Buffer.concat(chunks).toString();
              resolve({
                status: response.statusCode ?? 0,
                body: parsed(answer),
                warnings: warningsIn(response.headers['warning']),
              });
            });
          },
        );
        call.once('error', reject);
        call.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    close() {
      agent.destroy();
      proxy.kill();
    },
  };
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}
