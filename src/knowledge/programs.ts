import type { ProgramReader } from './program.ts';
import { applicationPrograms } from './program-applications.ts';
import { brokerPrograms } from './program-brokers.ts';
import { databasePrograms } from './program-databases.ts';
import { localPrograms } from './program-local.ts';
import { networkPrograms } from './program-network.ts';

/** Every program that is known, by the name of its file. */
export const programs: ReadonlyMap<string, ProgramReader> = new Map([
  ...localPrograms,
  ...networkPrograms,
  ...databasePrograms,
  ...brokerPrograms,
  ...applicationPrograms,
]);
