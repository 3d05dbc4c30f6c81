import { describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY, type Mode, type Policy } from '../../src/core/policy.ts';
import { type NamespaceFacts, resolve } from '../../src/core/resolve.ts';
import { PROFILES } from '../../src/core/thresholds.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const AHEAD = '2026-11-22T12:00:01Z';
const REACHED = '2026-11-22T12:00:00Z';
const UNREADABLE = 'next week';

const policy = (fields: Partial<Policy> = {}): Policy => ({ ...BUILT_IN_POLICY, name: 'default', ...fields });

const namespace = (annotations: Record<string, string> = {}, labels: Record<string, string> = {}): NamespaceFacts => ({
  name: 'shop',
  labels,
  annotations,
});

/** The policy is in mode Warn, with a floor of 300 s under the startup budget and a cap of Warning on one rule. */
const BASE = {
  mode: 'Warn',
  thresholds: { startupBudgetSeconds: 300 },
  rules: [{ name: 'liveness-timeout', severity: 'Warning' }],
} as const;

const SUBJECTS = [
  {
    subject: 'the mode',
    annotation: 'probewise.dev/mode',
    own: 'Warn',
    looser: ['Audit', 'Audit'],
    stricter: ['Enforce', 'Enforce'],
    same: ['Warn', 'Warn'],
    bad: 'Enfore',
    read: (applied: ReturnType<typeof resolve>): unknown => applied.policy.mode,
  },
  {
    subject: 'a threshold',
    annotation: 'threshold.probewise.dev/startup-budget-seconds',
    own: 300,
    looser: ['60', 60],
    stricter: ['900', 900],
    same: ['300', 300],
    bad: '15m',
    read: (applied: ReturnType<typeof resolve>): unknown => applied.policy.thresholds.startupBudgetSeconds,
  },
  {
    subject: "a rule's cap",
    annotation: 'rule.probewise.dev/liveness-timeout',
    own: 'Warning',
    looser: ['Off', 'Off'],
    stricter: ['Error', 'Error'],
    same: ['Warning', 'Warning'],
    bad: 'Ignore',
    read: (applied: ReturnType<typeof resolve>): unknown => applied.policy.rules.get('liveness-timeout')?.severity,
  },
] as const;

interface Row {
  readonly overrides: Policy['overrides'];
  readonly value: 'absent' | 'bad' | 'looser' | 'stricter' | 'same';
  readonly end: string | undefined;
  readonly applies: boolean;
  readonly told: string | undefined;
}

const EVERY = ['Any', 'Tighten', 'None'] as const;
const DIRECTIONS = ['looser', 'stricter', 'same'] as const;

/** Row by row, the table above `resolve`. */
const ROWS: readonly Row[] = [
  ...EVERY.map((overrides): Row => ({ overrides, value: 'absent', end: undefined, applies: false, told: undefined })),
  ...EVERY.flatMap((overrides) =>
    [undefined, AHEAD, REACHED].map((end): Row => ({
      overrides,
      value: 'bad',
      end,
      applies: false,
      told: 'counts as absent: write',
    })),
  ),
  ...DIRECTIONS.flatMap((value) =>
    [undefined, AHEAD].map((end): Row => ({ overrides: 'None', value, end, applies: false, told: 'override nothing' })),
  ),
  { overrides: 'None', value: 'looser', end: REACHED, applies: false, told: 'override nothing' },
  ...(['Any', 'Tighten'] as const).flatMap((overrides): Row[] =>
    DIRECTIONS.map((value): Row => ({ overrides, value, end: REACHED, applies: false, told: 'expired at 2026-11-22T12:00:00Z' })),
  ),
  { overrides: 'Any', value: 'looser', end: undefined, applies: true, told: undefined },
  { overrides: 'Any', value: 'looser', end: AHEAD, applies: true, told: undefined },
  { overrides: 'Any', value: 'looser', end: UNREADABLE, applies: false, told: 'cannot be read' },
  ...[undefined, AHEAD, UNREADABLE].map((end): Row => ({
    overrides: 'Tighten',
    value: 'looser',
    end,
    applies: false,
    told: 'may only be tightened',
  })),
  ...(['Any', 'Tighten'] as const).flatMap((overrides): Row[] =>
    (['stricter', 'same'] as const).flatMap((value): Row[] => [
      { overrides, value, end: undefined, applies: true, told: undefined },
      { overrides, value, end: AHEAD, applies: true, told: undefined },
      { overrides, value, end: UNREADABLE, applies: true, told: 'write a date or a time' },
    ]),
  ),
];

describe.each(SUBJECTS)('an override of $subject', ({ annotation, own, read, bad, ...values }) => {
  it.each(ROWS)('overrides $overrides, $value, end $end: applies $applies', ({ overrides, value, end, applies, told }) => {
    const written = value === 'absent' ? undefined : value === 'bad' ? bad : values[value][0];
    const annotations = {
      ...(written !== undefined && { [annotation]: written }),
      ...(end !== undefined && { 'probewise.dev/expires': end }),
    };
    const resolution = resolve([policy({ ...BASE, overrides })], namespace(annotations), NOW);
    const expected = applies && value !== 'absent' && value !== 'bad' ? values[value][1] : own;
    expect(read(resolution)).toBe(expected);
    if (told === undefined) expect(resolution.problems).toEqual([]);
    else expect(resolution.problems.join('\n')).toContain(told);
  });
});

describe('the policy of a namespace', () => {
  it('is the built-in one where none matches: warnings, no patches', () => {
    const { policy: effective, problems } = resolve(
      [policy({ namespaceSelector: { matchLabels: { team: 'other' } } })],
      namespace(),
      NOW,
    );
    expect(effective).toMatchObject({ policy: 'standard', mode: 'Warn', patch: 'Never', thresholds: PROFILES.Standard });
    expect(problems).toEqual([]);
  });

  it('is the one with the highest priority, whole', () => {
    const low = policy({ name: 'low', mode: 'Enforce', thresholds: { livenessTimeoutSeconds: 30 } });
    const high = policy({ name: 'high', mode: 'Audit', priority: 5 });
    for (const policies of [
      [low, high],
      [high, low],
    ]) {
      const { policy: effective } = resolve(policies, namespace(), NOW);
      expect(effective).toMatchObject({ policy: 'high', mode: 'Audit', thresholds: PROFILES.Standard });
    }
  });

  it('does not go to a policy of higher priority that selects other namespaces', () => {
    const own = policy({ name: 'own', namespaceSelector: { matchLabels: { team: 'shop' } } });
    const other = policy({ name: 'other', priority: 9, namespaceSelector: { matchLabels: { team: 'other' } } });
    expect(resolve([other, own], namespace({}, { team: 'shop' }), NOW).policy.policy).toBe('own');
  });

  it('is the older one of equals, and of these the first by name', () => {
    const policies = [
      policy({ name: 'b', createdAt: 2 }),
      policy({ name: 'c', createdAt: 1 }),
      policy({ name: 'a', createdAt: 2 }),
    ];
    expect(resolve(policies, namespace(), NOW).policy.policy).toBe('c');
    expect(resolve(policies.slice(0, 1).concat(policies.slice(2)), namespace(), NOW).policy.policy).toBe('a');
  });

  it('takes thresholds from the policy, and the others from its profile', () => {
    const { policy: effective, origins } = resolve(
      [policy({ profile: 'Resilient', thresholds: { startupBudgetSeconds: 400 } })],
      namespace(),
      NOW,
    );
    expect(effective.thresholds).toEqual({ ...PROFILES.Resilient, startupBudgetSeconds: 400 });
    expect(origins.get('startupBudgetSeconds')).toEqual({ from: 'policy', policy: 'default' });
    expect(origins.get('livenessTimeoutSeconds')).toEqual({ from: 'profile', profile: 'Resilient' });
  });

  it('keeps an exemption until the very moment that it expires', () => {
    const exemption = { rules: ['*'], reason: 'ticket OPS-12', expires: NOW };
    const policies = [policy({ exemptions: [exemption, { reason: 'for ever' }] })];
    expect(resolve(policies, namespace(), NOW - 1)).toMatchObject({ policy: { exemptions: [exemption, {}] }, problems: [] });
    const after = resolve(policies, namespace(), NOW);
    expect(after.policy.exemptions).toEqual([{ reason: 'for ever' }]);
    expect(after.problems).toEqual([
      'policy "default": the exemption "ticket OPS-12" counts as absent: it expired at 2026-11-22T12:00:00Z.',
    ]);
    expect(after.annotationProblems).toEqual([]);
  });
});

describe('the annotations of a namespace', () => {
  it('take values in any case, with space around them', () => {
    const { policy: effective, problems } = resolve(
      [policy()],
      namespace({ 'probewise.dev/mode': ' ENFORCE\n', 'rule.probewise.dev/readiness-delay': 'off' }),
      NOW,
    );
    expect(effective.mode).toBe('Enforce');
    expect(effective.rules.get('readiness-delay')).toEqual({ severity: 'Off', fix: 'Auto' });
    expect(problems).toEqual([]);
  });

  it.each(['0', '-5', '86401', '1e3', '0x10', '5.5', '', '99999999999999999999', 'NaN', '٥'])(
    'do not take %j for a threshold',
    (value) => {
      const { policy: effective, problems } = resolve(
        [policy()],
        namespace({ 'threshold.probewise.dev/liveness-timeout-seconds': value }),
        NOW,
      );
      expect(effective.thresholds).toEqual(PROFILES.Standard);
      expect(problems).toHaveLength(1);
    },
  );

  it('leave the policy its word on fixes when they set the severity of a rule', () => {
    const { policy: effective } = resolve(
      [policy({ rules: [{ name: 'startup-missing', fix: 'Never' }] })],
      namespace({ 'rule.probewise.dev/startup-missing': 'Info' }),
      NOW,
    );
    expect(effective.rules.get('startup-missing')).toEqual({ severity: 'Info', fix: 'Never' });
  });

  it('under Tighten take no cap where the policy has none: any cap is milder', () => {
    const { policy: effective, problems } = resolve(
      [policy({ overrides: 'Tighten' })],
      namespace({ 'rule.probewise.dev/startup-missing': 'Warning' }),
      NOW,
    );
    expect(effective.rules.size).toBe(0);
    expect(problems.join()).toContain('may only be tightened');
  });

  it.each<[string, string, string, Mode, boolean]>([
    ['own end ahead, common one reached', AHEAD, REACHED, 'Warn', true],
    ['own end reached, common one ahead', REACHED, AHEAD, 'Audit', false],
    ['own end unreadable, common one ahead', UNREADABLE, AHEAD, 'Audit', false],
    ['own end ahead, common one unreadable', AHEAD, UNREADABLE, 'Warn', true],
  ])('limit a rule by its own end: %s', (_, own, common, mode, ruleOff) => {
    const { policy: effective } = resolve(
      [policy()],
      namespace({
        'probewise.dev/mode': 'Audit',
        'rule.probewise.dev/startup-missing': 'Off',
        'probewise.dev/expires': common,
        'expires.probewise.dev/startup-missing': own,
      }),
      NOW,
    );
    expect(effective.mode).toBe(mode);
    expect(effective.rules.get('startup-missing')?.severity === 'Off').toBe(ruleOff);
  });

  it('say where a value comes from, why and until when', () => {
    const { origins } = resolve(
      [policy()],
      namespace({
        'probewise.dev/mode': 'Audit',
        'probewise.dev/reason': 'migration',
        'probewise.dev/expires': AHEAD,
        'rule.probewise.dev/startup-missing': 'Info',
        'reason.probewise.dev/startup-missing': 'slow disk',
      }),
      NOW,
    );
    const until = NOW + 1000;
    expect(origins.get('mode')).toEqual({ from: 'annotation', annotation: 'probewise.dev/mode', reason: 'migration', until });
    expect(origins.get('startup-missing')).toMatchObject({ reason: 'slow disk', until });
    expect(origins.get('patch')).toEqual({ from: 'policy', policy: 'default' });
  });

  it.each([
    ['rule.probewise.dev/liveness-dependancy', 'Did you mean "rule.probewise.dev/liveness-dependency"?'],
    ['rules.probewise.dev/startup-missing', 'Did you mean "rule.probewise.dev/startup-missing"?'],
    ['threshold.probewise.dev/startupBudgetSeconds', 'Did you mean "threshold.probewise.dev/startup-budget-seconds"?'],
    ['probewise.dev/moed', 'Did you mean "probewise.dev/mode"?'],
    ['probewise.dev/__proto__', 'is not known'],
    ['rule.probewise.dev/constructor', 'is not known'],
  ])('named %s are told about', (name, told) => {
    const { policy: effective, problems } = resolve([policy()], namespace({ [name]: 'Off' }), NOW);
    expect(problems.join('\n')).toContain(told);
    expect(effective.rules.size).toBe(0);
  });

  it('that limit or explain nothing are told about', () => {
    const { problems } = resolve([policy()], namespace({ 'expires.probewise.dev/startup-missing': AHEAD }), NOW);
    expect(problems).toEqual([
      'annotation "expires.probewise.dev/startup-missing" has no effect: there is no annotation rule.probewise.dev/startup-missing.',
    ]);
  });

  it('of others are left alone', () => {
    const { problems } = resolve(
      [policy()],
      namespace({ 'kubectl.kubernetes.io/x': 'probewise.dev/mode', 'notprobewise.dev/mode': 'x' }),
      NOW,
    );
    expect(problems).toEqual([]);
  });

  it('are told about in one line each, in bounded number, whatever they hold', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`rule.probewise.dev/x${index}`, 'a\nb']));
    const { problems } = resolve(
      [policy()],
      namespace({ ...many, 'probewise.dev/mode': `a\nb\u0007${'x'.repeat(10_000)}` }),
      NOW,
    );
    expect(problems.length).toBeLessThanOrEqual(21);
    expect(problems.at(-1)).toBe('481 more annotations of probewise.dev cannot be read.');
    // oxlint-disable-next-line no-control-regex
    for (const problem of problems) expect(problem).not.toMatch(/[\u0000-\u001f]/);
    for (const problem of problems) expect(problem.length).toBeLessThan(300);
  });

  it('cannot reach what objects inherit', () => {
    const annotations: Record<string, string> = JSON.parse(
      '{"__proto__": "x", "probewise.dev/mode": "__proto__", "probewise.dev/expires": "constructor"}',
    );
    const { policy: effective } = resolve([policy()], { name: 'shop', labels: {}, annotations }, NOW);
    expect(effective.mode).toBe('Warn');
  });
});
