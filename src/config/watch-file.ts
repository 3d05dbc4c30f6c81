import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface WatchOptions {
  /** Given the text of all files, in their order, when any of them differs from what was seen last. */
  readonly changed: (texts: readonly string[]) => void | Promise<void>;
  /** A file cannot be read. Said once, until it can be read again or the reason changes. */
  readonly unreadable: (error: Error) => void;
  /** How often to look although nothing was reported: file events get lost on network file systems and when a directory is replaced. */
  readonly pollMilliseconds?: number;
}

export interface FileWatch {
  close(): void;
}

/** Events come in bursts, and in the middle of one the files do not belong together. */
const SETTLE_MILLISECONDS = 50;
const POLL_MILLISECONDS = 10_000;

/**
 * Watches files by their content. The directories are watched, not the files: Kubernetes swaps the `..data` link beside
 * them, and an editor replaces the file itself; a watch on the file would go on looking at the one that is gone.
 * `seen` is what the caller has already read.
 */
export function watchFiles(paths: readonly string[], seen: readonly string[], options: WatchOptions): FileWatch {
  let last = seen;
  let complaint = '';
  let closed = false;
  let settling: NodeJS.Timeout | undefined;
  let turn = Promise.resolve();

  async function look(): Promise<void> {
    if (closed) return;
    try {
      const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
      complaint = '';
      if (closed || texts.every((text, index) => text === last[index])) return;
      last = texts;
      await options.changed(texts);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (closed || error.message === complaint) return;
      complaint = error.message;
      options.unreadable(error);
    }
  }

  // One look at a time: a second one must not overtake the first with older text.
  const enqueue = (): void => {
    turn = turn.then(look);
  };
  const settle = (): void => {
    clearTimeout(settling);
    settling = setTimeout(enqueue, SETTLE_MILLISECONDS);
  };

  const watchers = [...new Set(paths.map((path) => dirname(path)))].flatMap((directory) => watchDirectory(directory, settle));
  const poll = setInterval(enqueue, options.pollMilliseconds ?? POLL_MILLISECONDS);

  return {
    close() {
      closed = true;
      clearTimeout(settling);
      clearInterval(poll);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** None where the system gives no more watches: polling does it then. */
function watchDirectory(directory: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(directory, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
