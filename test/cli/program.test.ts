import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { RULE_IDS } from '../../src/core/rule-ids.ts';
import { list, property } from '../../src/core/json.ts';
import { cli } from './environment.ts';
import { IMPATIENT } from './temporary.ts';

describe('a command line', () => {
  it.each([
    [['lnit', 'x'], "unknown command 'lnit'\n(Did you mean lint?)"],
    [['lint', '--fial-on', 'error', '-'], "unknown option '--fial-on'\n(Did you mean --fail-on?)"],
    [['fix', '--dif', '-'], "unknown option '--dif'\n(Did you mean --diff?)"],
    [['lint', '-o', 'xml', '-'], "argument 'xml' is invalid. Allowed choices are text, json, sarif, junit, github."],
    [['lint', '--fail-on', 'warn', '-'], 'Allowed choices are error, warning, info, never. Did you mean warning?'],
    [['serve', '--log-level', 'inof'], 'Allowed choices are debug, info, warn, error, silent. Did you mean info?'],
    [['audit', '-o', 'HTML'], 'exemptions. Did you mean html?'],
    [['help', 'lnit'], "unknown command 'lnit'\n(Did you mean lint?)"],
    [['help', 'nosuch'], "unknown command 'nosuch'"],
    [['lint'], "missing required argument 'file'"],
    [['lint', '--docs-url', 'ftp://x', '-'], 'Give an http or https address.'],
    [['serve', '--tls-cert', 'a', '--tls-key', 'b', '--port', '70000'], 'Give a port, 0 to 65535.'],
    [['explain', 'livenes-timeout'], 'There is no rule "livenes-timeout". Did you mean "liveness-timeout"?'],
    [['explain'], 'Name a rule, a path or a command'],
  ])('that is wrong (%j) exits with 2 and says what was meant, on stderr', async (argv, message) => {
    const { code, stdout, stderr } = await cli(argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('with no command prints the help on stderr and exits with 2', async () => {
    const { code, stdout, stderr } = await cli([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: probewise');
  });

  it('that asks for help or the version gets it on stdout', async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    for (const name of ['lint', 'fix', 'explain', 'rules', 'serve']) {
      const { code, stdout } = await cli([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('Examples:');
      expect((await cli(['help', name])).stdout).toBe(stdout);
    }
  });
});

describe('colour', () => {
  const coloured = async (terminal: boolean, env: Readonly<Record<string, string>>) =>
    (await cli(['lint', '-'], { stdin: IMPATIENT, terminal, env })).stdout.includes('\u001B[');

  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('on a terminal (%j) with %j: %j', async (terminal, env, expected) => {
    expect(await coloured(terminal, env)).toBe(expected);
  });
});

describe('rules', () => {
  it('lists every rule, as a table and as JSON', async () => {
    const table = (await cli(['rules'])).stdout.trimEnd().split('\n');
    expect(table[0]).toMatch(/^RULE +SEVERITY +FIX +SUMMARY$/);
    expect(new Set(table.slice(1).map((line) => line.split(' ')[0]))).toEqual(new Set(RULE_IDS));
    const parsed: unknown = JSON.parse((await cli(['rules', '-o', 'json'])).stdout);
    expect(new Set(list(parsed).map((rule) => property(rule, 'id')))).toEqual(new Set(RULE_IDS));
  });
});

describe('explain', () => {
  it('says all of a rule, with its floors, offline', async () => {
    for (const id of RULE_IDS) {
      const { code, stdout } = await cli(['explain', id]);
      expect(code).toBe(0);
      for (const heading of ['Why', 'What to do', 'Reads', 'Passes', 'Severity', 'Fix', 'Turn it down'])
        expect(stdout).toContain(`\n${heading}\n`);
    }
    expect((await cli(['explain', 'liveness-timeout'])).stdout).toContain(
      'livenessTimeoutSeconds: 5 s (profile Standard), 10 s (Resilient)',
    );
  });
});
