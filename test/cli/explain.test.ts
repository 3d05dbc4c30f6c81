import { describe, expect, it } from 'vitest';
import { explain } from '../../src/cli/commands/explain.ts';
import type { Lookups } from '../../src/cli/explain/endpoint.ts';
import { rules } from '../../src/rules/index.ts';
import { cli, NOW } from './environment.ts';

const entry = {
  id: 'acme-health',
  product: 'Acme',
  path: ['/health', '.../health'],
  query: { full: ['true', '1'] },
  images: ['acme/server'],
  asks: 'aggregate',
  confidence: 'high',
  checks: 'asks the database',
  source: 'https://example.com/acme',
  safe: '/live',
  since: '0.1',
} as const;

const lookups: Lookups = {
  classify: () => ({ asks: 'readiness', confidence: 'medium', evidence: 'Its name says so.' }),
  lookupPath: (path) => (path === '/health' ? [{ entry, hinted: true }] : []),
  lookupImageCommands: () => [],
  lookupImage: (image) => (image === 'acme/server:1' ? [{ entry, hinted: true }] : []),
  lookupCommand: (command) =>
    command.startsWith('pg_isready')
      ? {
          verdict: {
            asks: 'dependency',
            confidence: 'high',
            evidence: 'It asks the server at db.',
            safeAlternative: 'pg_isready',
          },
          programs: [{ program: 'pg_isready', evidence: 'asks whether the server takes connections' }],
        }
      : { verdict: { asks: 'unknown', confidence: 'low', evidence: 'Nothing is known.' }, programs: [] },
};

async function explained(subject: string | undefined, image?: string) {
  let stdout = '';
  let stderr = '';
  const stream = (collect: (text: string) => void) => ({ write: collect });
  const environment = {
    stdin: process.stdin,
    stdout: stream((text) => (stdout += text)),
    stderr: stream((text) => (stderr += text)),
    env: {},
    now: () => NOW,
  };
  const code = await explain(subject, { image }, environment, rules, lookups);
  return { code, stdout, stderr };
}

describe('explain', () => {
  it('prints what the catalogue has of a path, with source and what to ask instead', async () => {
    expect((await explained('/health', 'acme/server:1')).stdout).toBe(`/health in acme/server:1

Acme
  path:     /health, .../health with full=true|1
  images:   acme/server
  asks:     aggregate: everything that is registered, dependencies among it (high confidence)
  because:  it asks the database
  liveness: wrong for liveness: one dependency that is away restarts every replica
  instead:  /live
  source:   https://example.com/acme
`);
  });

  it('names in a line what a path means in some images', async () => {
    const { stdout } = await explained('/health');
    expect(stdout).toContain(
      '\nIn some images (--image IMAGE says more)\n  Acme (acme/server): aggregate, it asks the database\n',
    );
  });

  it('says what can be read from a path that the catalogue does not have', async () => {
    const { code, stdout } = await explained('/ready');
    expect(code).toBe(0);
    expect(stdout).toContain('No entry of the catalogue holds in every image.');
    expect(stdout).toContain('because:  Its name says so.');
  });

  it('takes a URL, and a path without its first slash, for the path that is meant', async () => {
    expect((await explained('http://localhost:8080/health', 'acme/server:1')).stdout).toContain('because:  it asks the database');
    expect((await explained('actuator/health')).stdout).toMatch(/^\/actuator\/health\n/);
    expect((await explained('http://')).code).toBe(2);
  });

  it('prints what is known of an image, or that nothing is', async () => {
    expect((await explained(undefined, 'acme/server:1')).stdout).toContain('(high confidence)');
    expect((await explained(undefined, 'other:1')).stdout).toContain('The catalogue knows nothing of this image');
  });

  it('prints what a command asks, and which programs it runs', async () => {
    const { stdout } = await explained('pg_isready -h db');
    expect(stdout).toContain('asks:     dependency: another system (high confidence)');
    expect(stdout).toContain('instead:  pg_isready');
    expect(stdout).toContain('\nRuns\n  pg_isready: asks whether the server takes connections\n');
    expect((await explained('pg_isready')).code).toBe(0);
  });

  it('does not take a word that means nothing for a command', async () => {
    const { code, stdout, stderr } = await explained('frobnicate');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'error: Nothing is known of "frobnicate". Name a rule (`probewise rules`), a path that begins with /, or a whole command line.\n',
    );
  });

  it('knows real endpoints and commands', async () => {
    expect((await cli(['explain', '/actuator/health'])).stdout).toContain('asks:     aggregate');
    expect((await cli(['explain', 'pg_isready -h billing-db'])).stdout).toContain('asks:     dependency');
  });
});
