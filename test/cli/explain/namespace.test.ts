import { describe, expect, it } from 'vitest';
import { cli } from '../environment.ts';

describe('probewise explain namespace', () => {
  it('asks for the name', async () => {
    expect(await cli(['explain', 'namespace'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: Name the namespace: probewise explain namespace NAME.\n',
    });
  });

  it('says in one sentence why there is no cluster', async () => {
    const { code, stderr } = await cli(['explain', 'namespace', 'shop', '--kubeconfig', 'nowhere.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: The kubeconfig nowhere\.yaml cannot be read: ENOENT[^\n]*\n$/);
  });

  it('tells whoever leaves out the quotes of a command line what to do', async () => {
    expect(await cli(['explain', 'redis-cli', 'ping'])).toMatchObject({
      code: 2,
      stderr: "error: Put a command line in quotes: probewise explain 'redis-cli ping'.\n",
    });
  });
});
