/**
 * An editor for `kubectl edit`, as a person would use it: gives the first container of a workload the liveness probe in
 * PROBEWISE_TEST_LIVENESS (JSON), or takes it away where that is `null`. Everything else stays.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

const file = process.argv.at(-1) ?? '';
const document = parseDocument(readFileSync(file, 'utf8'));
const path = ['spec', 'template', 'spec', 'containers', 0, 'livenessProbe'];
const probe: unknown = JSON.parse(process.env['PROBEWISE_TEST_LIVENESS'] ?? 'null');
if (probe === null) document.deleteIn(path);
else document.setIn(path, probe);
writeFileSync(file, document.toString());
