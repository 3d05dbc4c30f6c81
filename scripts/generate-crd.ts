import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { customResourceDefinition } from '../src/config/crd.ts';

export const CRD_FILE = new URL('../charts/probewise/files/clusterprobepolicies.yaml', import.meta.url);

// kubectl reads YAML 1.1, where a bare Off is false: `compat` puts such words in quotes.
export const crdText = (): string =>
  `# Generated from src/config/policy-schema.ts by \`npm run generate:crd\`: change that, not this.\n${stringify(customResourceDefinition(), { lineWidth: 120, compat: 'yaml-1.1', aliasDuplicateObjects: false })}`;

if (import.meta.main) await writeFile(CRD_FILE, crdText());
