import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLogger, logObserver } from '../../src/observe/log.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { isObject } from '../../src/core/json.ts';
import { recordOf } from '../http/support/start.ts';

const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');

describe('docs/operating.md', () => {
  it('has a row for each metric, with its type and its help, and no other', async () => {
    const lines = (await createMetrics().text()).split('\n');
    const helps = lines.filter((line) => line.startsWith('# HELP ')).map((line) => /^# HELP (\S+) (.*)$/.exec(line) ?? []);
    const rows = helps.map(([, name, help]) => {
      const type = lines
        .find((line) => line.startsWith(`# TYPE ${name} `))
        ?.split(' ')
        .at(-1);
      return `| \`${name}\` | ${type} | ${help} |`;
    });
    expect(rows.length).toBeGreaterThan(5);
    expect(page.split('\n').filter((line) => line.startsWith('| `probewise_'))).toEqual(rows);
  });

  it('names each field of the log line of a decision', () => {
    const lines: string[] = [];
    logObserver(createLogger('info', { write: (line) => void lines.push(line) })).decided(
      recordOf({
        decision: 'denied',
        skip: 'operation',
        policy: 'p',
        mode: 'Warn',
        problems: ['p'],
        errors: [{ rule: 'r', error: 'e' }],
      }),
      0,
    );
    const line: unknown = JSON.parse(lines[0] ?? '');
    const fields = Object.keys(isObject(line) ? line : {});
    expect(fields).toContain('errors');
    const logs = page.slice(page.indexOf('## Logs'));
    for (const field of fields) expect(logs).toContain(`\`${field}\``);
  });
});
