import { mkdirSync, writeFileSync } from 'node:fs';
import { endpointDocs } from './endpoint-docs.ts';

mkdirSync('docs', { recursive: true });
writeFileSync('docs/endpoints.md', endpointDocs());
console.log('docs/endpoints.md written');
