import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with these files, gone when the test ends. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'probewise-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** An Error, whatever the catalogue knows. */
export const UNDECLARED_PORT = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web # the only one
      image: example/web:1
      readinessProbe:
        httpGet: { path: /ready, port: http }
        timeoutSeconds: 5
`;

/** One Warning, with a safe fix: the timeout. */
export const IMPATIENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          image: example/shop:1
          livenessProbe:
            tcpSocket: { port: 8080 } # cheap
            failureThreshold: 30
            initialDelaySeconds: 30
`;
