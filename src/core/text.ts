import { describeHandler } from './probe.ts';
import type { ProbeSite } from './rule.ts';

/** The API server drops a warning that holds a control character, without a word: manifests are quoted in ours. */
// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

export const oneLine = (text: string): string => text.replace(CONTROL_CHARACTERS, ' ').trim();

/** At most `length` characters, an ellipsis among them where something was cut. */
export const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** Where a violation is, as every message begins: `container "app": livenessProbe`. */
export const whereIs = ({ container, field }: Pick<ProbeSite, 'container' | 'field'>): string =>
  `${container.role === 'sidecar' ? 'sidecar' : 'container'} "${cut(container.name, 63)}": ${field}`;

/** What the probe does, in a message: commands can be long, and are cut. */
export const whatItDoes = (site: ProbeSite): string => cut(describeHandler(site.probe.handler), 100);

export const seconds = (count: number): string => `${count} s`;

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
