import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observe/metrics.ts';
import { recordOf } from '../http/support/start.ts';

describe('metrics', () => {
  it('count a decision with everything in it', async () => {
    const metrics = createMetrics();
    const finding = { rule: 'liveness-timeout', severity: 'Warning', container: 'app' } as const;
    metrics.decided(
      recordOf({
        door: 'mutate',
        decision: 'patched',
        edits: 3,
        findings: [finding, finding],
        problems: ['p'],
        errors: [{ rule: 'startup-budget', error: 'e' }],
      }),
      0.003,
    );
    const text = await metrics.text();
    for (const line of [
      'probewise_admission_requests_total{door="mutate",operation="CREATE",kind="Pod",decision="patched"} 1',
      'probewise_admission_duration_seconds_bucket{le="0.0025",door="mutate"} 0',
      'probewise_admission_duration_seconds_bucket{le="0.005",door="mutate"} 1',
      'probewise_findings_total{rule="liveness-timeout",severity="Warning"} 2',
      'probewise_patched_fields_total 3',
      'probewise_problems_total 1',
      'probewise_errors_total{rule="startup-budget"} 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  it('have few label values, whatever is sent', async () => {
    const metrics = createMetrics();
    for (let index = 0; index < 100; index += 1) {
      metrics.decided(recordOf({ kind: `Kind${index}`, operation: `OP${index}` }), 0);
    }
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('probewise_admission_requests_total{'));
    expect(lines).toEqual([
      'probewise_admission_requests_total{door="validate",operation="other",kind="other",decision="allowed"} 100',
    ]);
  });

  it('say whether what was read last is in use, and until when the certificate lasts', async () => {
    const metrics = createMetrics();
    metrics.policyLoaded(1_700_000_000_000);
    metrics.policyRefused();
    metrics.certificateLoaded(1_800_000_000_000);
    const text = await metrics.text();
    expect(text).toContain('probewise_policy_last_reload_success_timestamp_seconds 1700000000\n');
    expect(text).toContain('probewise_policy_last_reload_successful 0\n');
    expect(text).toContain('probewise_certificate_expiry_timestamp_seconds 1800000000\n');
    expect(text).toContain('probewise_certificate_last_reload_successful 1\n');
  });

  it('count requests without a decision by status, and errors of our own', async () => {
    const metrics = createMetrics();
    metrics.refused({ status: 413, sentence: 'x' });
    metrics.failed('validate', 'u', new Error('broken'));
    const text = await metrics.text();
    expect(text).toContain('probewise_http_refused_total{status="413"} 1\n');
    expect(text).toContain('probewise_errors_total{rule="probewise"} 1\n');
  });
});
