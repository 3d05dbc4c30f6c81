import { describe, expect, it } from 'vitest';
import { judge } from './support/judge.ts';
import { helm, render } from './support/helm.ts';

describe.skipIf(helm === undefined)('the probes of the chart', () => {
  it('pass our own rules', () => {
    const deployment = render().find(({ kind }) => kind === 'Deployment');
    expect(deployment).toBeDefined();
    expect(judge(deployment)).toEqual([]);
  });
});
