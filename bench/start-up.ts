import { type Figure, figure, isQuiet } from './figure.ts';
import { type Role, startServer } from './servers/start.ts';
import { median, spread } from './statistics.ts';
import type { Workplace } from './workplace.ts';

/** From spawn to the first answered `/readyz`, and memory when nothing has been asked yet; in turn with the no-op server. */
export async function measureStartUp(workplace: Workplace, repetitions: number): Promise<Figure[]> {
  const probewise: number[] = [];
  const noOp: number[] = [];
  const again: number[] = [];
  const memory: number[] = [];
  const start = async (role: Role, into: number[]): Promise<void> => {
    const server = await startServer(workplace, role);
    into.push(server.readyMilliseconds);
    if (role.kind === 'probewise') memory.push(server.memory().now);
    await server.stop();
  };
  for (let count = 0; count < repetitions; count += 1) {
    await start({ kind: 'no-op' }, noOp);
    await start({ kind: 'probewise' }, probewise);
    await start({ kind: 'no-op' }, again);
  }
  const base = [...noOp, ...again];
  const control = median(again) / median(noOp);
  const trusted = isQuiet(control);
  return [
    figure(
      'spawn to ready',
      { most: 300 },
      { value: median(probewise), digits: 0, unit: ' ms', spread: spread(probewise, 0), trusted },
    ),
    figure('spawn to ready / no-op', { most: 1.5 }, { value: median(probewise) / median(base), trusted }),
    figure('spawn to ready, no-op', undefined, { value: median(base), digits: 0, unit: ' ms', spread: spread(base, 0) }),
    figure('spawn to ready, control', undefined, { value: control }),
    figure(
      'resident memory when ready',
      { most: 80 },
      { value: median(memory), digits: 0, unit: ' MB', spread: spread(memory, 0) },
    ),
  ];
}
