import type { Rule } from '../../core/rule.ts';
import { rules as allRules } from '../../rules/index.ts';
import type { CliEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { colorsFor } from '../report/colors.ts';

export function listRules(output: 'text' | 'json', environment: CliEnvironment, rules: readonly Rule[] = allRules): number {
  environment.stdout.write(output === 'json' ? asJson(rules) : asTable(rules, environment));
  return EXIT.clean;
}

const asJson = (rules: readonly Rule[]): string =>
  `${JSON.stringify(
    rules.map(({ id, severity, fixable, since, summary, remedy }) => ({
      id,
      severity: severity.toLowerCase(),
      fixable,
      since,
      summary,
      remedy,
    })),
    null,
    2,
  )}\n`;

function asTable(rules: readonly Rule[], environment: CliEnvironment): string {
  const colors = colorsFor(environment.stdout, environment);
  const header = ['RULE', 'SEVERITY', 'FIX', 'SUMMARY'] as const;
  const rows = rules.map(
    ({ id, severity, fixable, summary }) => [id, severity.toLowerCase(), fixable ? 'safe' : '-', summary] as const,
  );
  const widths = [0, 1, 2].map((column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return `${colors.bold(line(header))}\n${rows.map((row) => `${line(row)}\n`).join('')}`;
}
