import type { TerminalStream } from './environment.ts';

export interface ProgressBar {
  show(progress: { readonly what: string; readonly done: number; readonly total: number; readonly objects: number }): void;
  /** Takes the bar away: what is written next stands on a clean line. */
  clear(): void;
}

const WIDTH = 24;
const CLEAR = '\r\u001B[2K';

/** One line on a terminal that changes as things go on; nothing at all elsewhere. */
export function progressBar(stream: TerminalStream): ProgressBar {
  if (stream.isTTY !== true) return { show() {}, clear() {} };
  let shown = '';
  return {
    show({ what, done, total, objects }) {
      const filled = total === 0 ? 0 : Math.floor((done / total) * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      const line = `${bar} ${done}/${total} ${what} (${objects} objects)`.slice(0, (stream.columns ?? 80) - 1);
      if (line === shown) return;
      shown = line;
      stream.write(`${CLEAR}${line}`);
    },
    clear() {
      if (shown !== '') stream.write(CLEAR);
      shown = '';
    },
  };
}
