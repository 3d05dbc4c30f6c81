import type { DestinationStream } from 'pino';

/**
 * Writes together what is logged in one turn of the event loop: at full load one system call for several lines, which is otherwise the
 * dearest part of a line (measured: 9 of 15 µs). A line waits for the end of its turn and no longer.
 */
export function batched(stream: { write(text: string): unknown }): DestinationStream {
  let waiting = '';
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    stream.write(text);
  };
  return {
    write(line) {
      if (waiting === '') setImmediate(flush);
      waiting += line;
    },
  };
}
