import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { KeyPair } from './certificates.ts';

/** Writes a kubeconfig for one user, with everything embedded. */
export async function writeKubeconfig(path: string, server: string, authority: string, user: KeyPair): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'probewise', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [{ name: 'user', user: { 'client-certificate-data': base64(user.certificate), 'client-key-data': base64(user.key) } }],
    contexts: [{ name: 'probewise', context: { cluster: 'probewise', user: 'user', namespace: 'default' } }],
    'current-context': 'probewise',
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
