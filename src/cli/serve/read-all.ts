import { readFile } from 'node:fs/promises';
import { reason } from '../input/files.ts';
import { StartError } from './start-error.ts';

/** The texts of all files, in their order. Rejects with a StartError that names each that cannot be read. */
export async function readAll(files: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  const sentences: string[] = [];
  for (const file of files) {
    try {
      texts.push(await readFile(file, 'utf8'));
    } catch (error) {
      sentences.push(`${file} cannot be read: ${reason(error)}.`);
    }
  }
  if (sentences.length > 0) throw new StartError(sentences);
  return texts;
}
