import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../scripts/bundle.ts';
import { issueAuthority, issueServing } from '../src/tls/issue.ts';

/** Files that all measurements share, in a temporary folder. */
export interface Workplace {
  readonly folder: string;
  /** The real thing, `dist/probewise.js`. */
  readonly bundle: string;
  readonly noOp: string;
  readonly observed: string;
  readonly cert: string;
  readonly key: string;
  /** PEM. */
  readonly authority: string;
  readonly policy: string;
  /** What servers write to standard output. */
  readonly logFile: string;
  remove(): Promise<void>;
}

/** Errors deny, the rest warns, all that is safe is patched: the most that Probewise ever does. */
export const ENFORCE = `apiVersion: probewise.dev/v1alpha1
kind: ClusterProbePolicy
metadata: { name: default }
spec: { mode: Enforce, patch: Auto }
`;

export async function createWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'probewise-bench-'));
  const path = (name: string): string => join(folder, name);
  const source = (name: string): string => join(import.meta.dirname, 'servers', name);
  await bundle(join(import.meta.dirname, '../src/main.ts'), join(import.meta.dirname, '../dist/probewise.js'));
  await bundle(source('no-op.ts'), path('no-op/no-op.js'));
  await bundle(source('observed-no-op.ts'), path('observed/observed-no-op.js'));
  const authority = await issueAuthority(Date.now(), 1);
  const serving = await issueServing(authority, ['localhost'], Date.now(), 1);
  await writeFile(path('package.json'), '{"type":"module"}');
  await writeFile(path('tls.crt'), serving.cert);
  await writeFile(path('tls.key'), serving.key, { mode: 0o600 });
  await writeFile(path('policy.yaml'), ENFORCE);
  return {
    folder,
    bundle: join(import.meta.dirname, '../dist/probewise.js'),
    noOp: path('no-op/no-op.js'),
    observed: path('observed/observed-no-op.js'),
    cert: path('tls.crt'),
    key: path('tls.key'),
    authority: authority.cert,
    policy: path('policy.yaml'),
    logFile: path('log'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
