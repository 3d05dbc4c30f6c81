import type { TestProject } from 'vitest/node';
import { findOrBuildBinaries, HOW_TO_GET_BINARIES, kubernetesVersion } from './binaries.ts';
import { type ControlPlaneAccess, startControlPlane } from './control-plane.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Null where there is no control plane: the tests are skipped. */
    controlPlane: ControlPlaneAccess | null;
  }
}

/** One control plane for all files of the project. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const binaries = await findOrBuildBinaries(say);
  if (binaries === undefined) {
    project.provide('controlPlane', null);
    const line = `Skipped, the tests on a real API server: ${HOW_TO_GET_BINARIES}.`;
    if (process.env['CI'] === 'true') throw new Error(`${line} In CI a skip is a failure.`);
    say(line);
    return undefined;
  }
  const { access, stop } = await startControlPlane(binaries, await kubernetesVersion());
  project.provide('controlPlane', access);
  return stop;
}

const say = (line: string): void => console.error(line);
