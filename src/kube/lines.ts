import { StringDecoder } from 'node:string_decoder';

/** An object in etcd is at most a few MiB: a longer line is none of the API server's. */
const LONGEST_LINE = 32 * 1024 * 1024;

/** Text as it comes, in whole lines without their ends. What follows the last line end is cut off, and is not a line. */
export async function* splitLines(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  // Kept in pieces: joining them at each chunk would take time in the square of a line's length.
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const parts = (Buffer.isBuffer(chunk) ? decoder.write(chunk) : String(chunk)).split('\n');
    for (const [index, part] of parts.entries()) {
      pieces.push(part);
      length += part.length;
      if (length > LONGEST_LINE) throw new Error('a line of the watch is too long');
      if (index === parts.length - 1) break;
      const line = pieces.join('');
      pieces = [];
      length = 0;
      if (line.trim() !== '') yield line;
    }
  }
}
