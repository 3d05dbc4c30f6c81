import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/kube/connect.ts';
import { inCluster } from '../../src/kube/in-cluster.ts';
import { kubeconfig } from '../../src/kube/kubeconfig.ts';

let folder = '';
const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

const config = (current: string, extra = ''): string => `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "https://api.example:6443/" } }]
users: [{ name: u, user: { token: secret } }]
contexts: [{ name: prod, context: { cluster: c, user: u } }, { name: broken, context: { cluster: c, user: nobody } }]
current-context: ${JSON.stringify(current)}
${extra}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probewise-connect-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('kubeconfig', () => {
  it('has the server and the credentials of its context', async () => {
    const connection = await kubeconfig({ file: await file('good', config('prod')), env: {} });
    expect(connection).toMatchObject({ server: 'https://api.example:6443', as: 'context "prod"' });
    expect((await connection.options()).headers).toEqual({ Authorization: 'Bearer secret' });
  });

  it('is found by KUBECONFIG', async () => {
    const path = await file('env', config('prod'));
    expect((await connect({ env: { KUBECONFIG: path }, now: () => 0 })).connection.as).toBe('context "prod"');
  });

  it.each([
    ['a wrong context', config('prod'), 'staging', 'has no context "staging": it has "prod", "broken".'],
    ['no current context', config(''), undefined, 'has no current context: name one of "prod", "broken".'],
    [
      'a context without its user',
      config('prod'),
      'broken',
      'The context "broken" names a cluster or user that its kubeconfig does not have.',
    ],
    ['a file that is no YAML', '{{', undefined, 'cannot be read:'],
    ['a file that is empty', '', undefined, 'cannot be read:'],
    ['a file of another kind', 'a: 1', undefined, 'has no current context'],
  ])('says what is wrong with %s, in one sentence', async (title, text, context, message) => {
    const path = await file(title.replaceAll(' ', '-'), text);
    const rejected = expect(kubeconfig({ file: path, env: {}, ...(context !== undefined && { context }) })).rejects;
    await rejected.toMatchObject({ name: 'KubeError', problem: 'unusable', message: expect.stringContaining(message) });
  });

  it('says that there is no such file', async () => {
    const path = join(folder, 'nowhere');
    await expect(kubeconfig({ file: path, env: {} })).rejects.toThrow(`The kubeconfig ${path} cannot be read: ENOENT`);
  });
});

describe('a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };

  it('speaks as its service account, with a token that is read again as it rotates', async () => {
    let now = 0;
    const account = await mkdtemp(join(folder, 'account-'));
    const write = (token: string) =>
      Promise.all([writeFile(join(account, 'token'), `${token}\n`), writeFile(join(account, 'ca.crt'), 'ca')]);
    await write('first');
    const connection = inCluster({ env, folder: account, now: () => now });
    expect(connection.server).toBe('https://[fd00::1]:6443');
    const token = async (): Promise<unknown> => (await connection.options()).headers;
    expect(await token()).toEqual({ authorization: 'Bearer first' });
    await write('second');
    expect(await token()).toEqual({ authorization: 'Bearer first' });
    now += 60_000;
    expect(await token()).toEqual({ authorization: 'Bearer second' });
    await write('third');
    connection.refresh();
    expect(await token()).toEqual({ authorization: 'Bearer third' });
    await rm(join(account, 'token'));
    now += 60_000;
    expect(await token()).toEqual({ authorization: 'Bearer third' });
  });

  it('says what to do where no token is mounted', async () => {
    const connection = inCluster({ env, folder: join(folder, 'none'), now: () => 0 });
    await expect(connection.options()).rejects.toThrow('automountServiceAccountToken');
  });
});
