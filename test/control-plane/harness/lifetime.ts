import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Writable } from 'node:stream';

let reaper: Writable | undefined;

/** Started with the first thing to be cleaned up; in a process group of its own, so that Ctrl-C does not end it with us. */
function tellReaper(line: string): void {
  if (reaper === undefined) {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./reaper.ts', import.meta.url))], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.unref();
    if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
    reaper = child.stdin;
  }
  reaper.write(`${line}\n`);
}

/** A folder that goes when this process goes. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `probewise-${purpose}-`));
  tellReaper(`+folder ${folder}`);
  return folder;
}

/** From here on, the process is killed when this one goes. */
export const adopt = (pid: number): void => tellReaper(`+pid ${pid}`);

/** It has ended: its number may soon be another's. */
export const disown = (pid: number): void => tellReaper(`-pid ${pid}`);
