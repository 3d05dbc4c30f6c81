import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleDocs } from './rule-docs.ts';

const docs = join(import.meta.dirname, '../docs');
mkdirSync(join(docs, 'rules'), { recursive: true });
for (const [file, text] of ruleDocs()) writeFileSync(join(docs, file), text);
