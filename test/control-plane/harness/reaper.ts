/**
 * Outlives the process that started it by one moment: when that one is gone, however it went (end of input), the processes and
 * folders that it left behind go too. One word a line: `+pid 12`, `-pid 12`, `+folder /tmp/x`.
 */
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const pids = new Set<number>();
const folders = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...rest] = line.split(' ');
  const value = rest.join(' ');
  if (word === '+pid') pids.add(Number(value));
  else if (word === '-pid') pids.delete(Number(value));
  else if (word === '+folder') folders.add(value);
}

for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
