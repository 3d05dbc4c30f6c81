import { expect, it } from 'vitest';
import { evaluate } from '../../src/engine.ts';
import { policyWith } from '../fixtures/policy.ts';
import { pod, workloadFrom } from '../fixtures/workload.ts';

const rewritten = (agentTimeoutSeconds: number, timeoutSeconds: number): ReturnType<typeof workloadFrom> => {
  const probers = { '/app-health/shop/livez': { httpGet: { path: '/livez', port: 8080 }, timeoutSeconds: agentTimeoutSeconds } };
  return workloadFrom(
    pod({
      containers: [
        {
          name: 'shop',
          image: 'example/shop:1',
          livenessProbe: { httpGet: { path: '/app-health/shop/livez', port: 15020 }, timeoutSeconds },
        },
        {
          name: 'istio-proxy',
          image: 'istio/proxyv2:1',
          env: [{ name: 'ISTIO_KUBE_APP_PROBERS', value: JSON.stringify(probers) }],
        },
      ],
    }),
  );
};
const timeouts = (workload: ReturnType<typeof workloadFrom>): { message: string; fixable: boolean }[] =>
  evaluate(workload, policyWith())
    .findings.filter(({ rule }) => rule === 'liveness-timeout')
    .map(({ message, fix }) => ({ message, fixable: fix !== undefined }));

it("judges the timeout that Istio's agent really uses, and offers no fix where a patch would change nothing", () => {
  expect(timeouts(rewritten(1, 5))).toEqual([
    { message: 'container "shop": livenessProbe waits 1 s for an answer, under the floor of 5 s', fixable: false },
  ]);
  expect(timeouts(rewritten(5, 5))).toEqual([]);
});
