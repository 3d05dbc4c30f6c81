/** Makes certificates for development: `node scripts/make-certificates.ts [NAME...]`, into certs/. See certs/README.md. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { issueAuthority, issueServing } from '../src/tls/issue.ts';

const DAYS = 30;
const folder = new URL('../certs/', import.meta.url);
const names = process.argv.length > 2 ? process.argv.slice(2) : ['localhost'];

const authority = await issueAuthority(Date.now(), DAYS);
const serving = await issueServing(authority, names, Date.now(), DAYS);

await mkdir(folder, { recursive: true });
for (const [name, content, mode] of [
  ['ca.crt', authority.cert, 0o644],
  ['tls.crt', serving.cert, 0o644],
  ['tls.key', serving.key, 0o600],
] as const) {
  const file = fileURLToPath(new URL(name, folder));
  await writeFile(file, content, { mode });
  console.log(file);
}
