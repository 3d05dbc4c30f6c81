import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/core/edit.ts';
import { display, pointer } from '../../src/core/path.ts';
import { RULE_IDS } from '../../src/core/rule-ids.ts';
import { evaluate } from '../../src/engine.ts';
import { rules } from '../../src/rules/index.ts';
import { policyWith } from '../fixtures/policy.ts';
import { workloadFrom } from '../fixtures/workload.ts';

const folder = import.meta.dirname;
const manifests = (rule: string, side: 'pass' | 'fail'): string[] =>
  readdirSync(join(folder, rule, side)).filter((file) => file.endsWith('.yaml'));
const load = (rule: string, side: string, file: string): ReturnType<typeof workloadFrom> =>
  workloadFrom(readFileSync(join(folder, rule, side, file), 'utf8'));

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it.each(manifests(id, 'pass'))('lets %s pass', (file) => {
    const { findings } = evaluate(load(id, 'pass', file), policyWith());
    expect(findings.filter((finding) => finding.rule === id)).toEqual([]);
  });

  it.each(manifests(id, 'fail'))('says of %s what its golden file says', async (file) => {
    const { findings, errors } = evaluate(load(id, 'fail', file), policyWith());
    const own = findings.filter((finding) => finding.rule === id);
    expect(errors).toEqual([]);
    expect(own).not.toEqual([]);
    const golden = own.map(({ severity, message, path, evidence, remedy, fix }) => ({
      severity,
      message,
      field: display(path),
      ...(evidence !== undefined && { evidence }),
      remedy,
      ...(fix !== undefined && { fix: fix.edits.map((edit) => ({ ...edit, at: pointer(edit.at) })) }),
    }));
    await expect(`${JSON.stringify(golden, null, 2)}\n`).toMatchFileSnapshot(
      join(folder, id, 'fail', file.replace('.yaml', '.golden.json')),
    );
  });

  it.each(rule.fixable ? manifests(id, 'fail') : [])('mends %s for good', (file) => {
    const workload = load(id, 'fail', file);
    const mended = workloadFrom(applyEdits(workload.object, evaluate(workload, policyWith()).edits));
    const after = evaluate(mended, policyWith());
    expect(after.findings.filter(({ fix }) => fix !== undefined)).toEqual([]);
    expect(after.findings.filter((finding) => finding.rule === id)).toEqual([]);
  });

  it('has manifests that pass and that fail, and the same house grammar as all others', () => {
    expect(manifests(id, 'pass').length).toBeGreaterThan(0);
    expect(manifests(id, 'fail').length).toBeGreaterThan(0);
    expect(rule.summary).toMatch(/^[A-Z].*\.$/);
    expect(rule.remedy).toMatch(/^[A-Z].*\.$/);
    expect(existsSync(join(folder, '../../src/rules', `${id}.ts`))).toBe(true);
    expect(readFileSync(join(folder, '../../src/rules', `${id}.ts`), 'utf8').split('\n').length).toBeLessThanOrEqual(61);
  });
});

describe('the rules together', () => {
  it('have distinct ids, known to the policy schema', () => {
    expect(rules.map(({ id }) => id).sort()).toEqual([...RULE_IDS].sort());
  });

  it('have no fixtures left over from a rule that is gone', () => {
    const folders = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    expect(folders.sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it('word every message as a fragment that names container and field', () => {
    for (const { id } of rules) {
      for (const file of manifests(id, 'fail')) {
        for (const finding of evaluate(load(id, 'fail', file), policyWith()).findings) {
          expect(finding.message).toMatch(/^(container|sidecar) "[^"]+": (livenessProbe|readinessProbe|startupProbe) [^A-Z]/);
          expect(finding.message).not.toMatch(/[.\n\t]$/);
        }
      }
    }
  });
});
