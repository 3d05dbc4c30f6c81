import type { NamespaceExplanation } from '../../kube/explain-namespace.ts';
import type { Colors } from '../report/colors.ts';
import { plainText } from '../report/plain-text.ts';
import { section } from './section.ts';

/** What is in force in a namespace, and whence, as a page for a terminal. */
export function describeNamespace(explanation: NamespaceExplanation, colors: Colors): string {
  const { namespace, policy, candidates, values, problems } = explanation;
  const [winner, ...others] = candidates;
  const beaten = others.map(({ name, priority }) => `${name} (priority ${priority})`).join(', ');
  const policyLine =
    winner === undefined
      ? 'No ClusterProbePolicy selects it: the built-in one applies.'
      : `ClusterProbePolicy ${policy} (priority ${winner.priority}) applies${beaten === '' ? '' : `, before ${beaten}`}.`;
  const width = (pick: (value: NamespaceExplanation['values'][number]) => string): number =>
    Math.max(...values.map((value) => pick(value).length));
  const [nameWidth, valueWidth] = [width(({ name }) => name), width(({ value }) => value)];
  return [
    `${colors.bold(`namespace ${plainText(namespace)}`)}\n${plainText(policyLine)}\n`,
    section(
      'In force',
      values.map(({ name, value, origin }) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${origin}`.trimEnd()),
      colors,
    ),
    section('Not used', problems, colors),
  ].join('');
}
