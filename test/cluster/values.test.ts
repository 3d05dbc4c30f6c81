import { beforeAll, describe, expect, it } from 'vitest';
import { CHANGED_VALUES } from '../charts/support/changed-values.ts';
import { install } from './harness/installation.ts';
import { helm, tryKubectl } from './harness/run.ts';
import { CHART, RELEASE } from './harness/installation.ts';
import { PROBEWISE } from './harness/workloads.ts';

beforeAll(async () => {
  await install();
});

/** Kinds that this cluster may not have: they are rendered, and left out of the dry run. */
const ELSEWHERE = /^apiVersion: (cert-manager\.io|monitoring\.coreos\.com)\//m;

describe('the real API server accepts what the chart renders', () => {
  it.each(CHANGED_VALUES)('with %s', async (_name, values) => {
    // By another name, so that they are created and not merged into what is installed.
    const input = JSON.stringify({ fullnameOverride: 'rendered', ...values });
    const flags = ['--no-hooks', '--kube-version', '1.35.0', '-n', PROBEWISE, '-f', '-'];
    const rendered = await helm(['template', RELEASE, CHART, ...flags], input);
    const known = rendered.split(/^---$/m).filter((document) => !ELSEWHERE.test(document));
    const { code, stderr } = await tryKubectl(
      ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'],
      known.join('---\n'),
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
