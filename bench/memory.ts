import { BODIES } from './bodies.ts';
import { type Figure, figure } from './figure.ts';
import { createLoadClient } from './load-client.ts';
import { startServer } from './servers/start.ts';
import type { Workplace } from './workplace.ts';

const CONNECTIONS = 8;

/** The peak while so many requests are answered, a quarter of them of each body. */
export async function measureLoadedMemory(workplace: Workplace, requests: number): Promise<Figure[]> {
  const server = await startServer(workplace, { kind: 'probewise' });
  try {
    for (const body of BODIES) {
      const client = await createLoadClient({ port: server.port, ...body }, CONNECTIONS);
      await client.run({ answers: requests / BODIES.length });
      client.close();
    }
    const { now, peak } = server.memory();
    const asked = requests.toLocaleString('en').replaceAll(',', ' ');
    return [
      figure(`peak resident memory, ${asked} requests`, { most: 115 }, { value: peak, digits: 0, unit: ' MB' }),
      figure(`resident memory after ${asked} requests`, undefined, { value: now, digits: 0, unit: ' MB' }),
    ];
  } finally {
    await server.stop();
  }
}
