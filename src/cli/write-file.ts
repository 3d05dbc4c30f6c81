import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Replaces a file's content at once: whoever reads it sees the old text or the new. Mode and symbolic links stay. */
export async function replaceFile(name: string, content: string): Promise<void> {
  const file = await realpath(name);
  const { mode } = await stat(file);
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.probewise`);
  try {
    await writeFile(draft, content, { mode, flag: 'wx' });
    // The process's umask may have taken bits away.
    await chmod(draft, mode);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
