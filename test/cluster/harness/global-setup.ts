import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The reference of the image that the cluster's nodes can run. */
    image: string;
  }
}

export default function setup(project: TestProject): void {
  const image = process.env['PROBEWISE_IMAGE'] ?? '';
  const missing = [image === '' && 'PROBEWISE_IMAGE', (process.env['KUBECONFIG'] ?? '') === '' && 'KUBECONFIG'].filter(
    (name) => name !== false,
  );
  if (missing.length > 0) {
    throw new Error(
      `Set ${missing.join(' and ')}: these tests install the chart on the cluster of KUBECONFIG, with the image PROBEWISE_IMAGE (repository:tag), which its nodes can pull or have.`,
    );
  }
  project.provide('image', image);
}
