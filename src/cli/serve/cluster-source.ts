import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { startBackgroundScan } from '../../audit/background.ts';
import { scanReport } from '../../audit/scan-report.ts';
import { evaluate } from '../../engine.ts';
import { delay } from '../../kube/backoff.ts';
import { startCluster } from '../../kube/cluster-state.ts';
import { connect } from '../../kube/connect.ts';
import { KubeError } from '../../kube/error.ts';
import { ownNamespace } from '../../kube/in-cluster.ts';
import { clusterReport } from '../../observe/cluster-report.ts';
import type { ServingCertificate } from '../../tls/certificate.ts';
import type { CliEnvironment } from '../environment.ts';
import type { ServeOptions } from './options.ts';
import { type CertificateSource, type PolicySource, type SourceContext, tellCertificate } from './sources.ts';
import { StartError } from './start-error.ts';

const NAMESPACE = 'probewise';

export interface ClusterSource extends PolicySource {
  /** Where the server makes its own: waits until there is one. Rejects only when `signal` is aborted. */
  certificate(signal: AbortSignal): Promise<CertificateSource>;
}

/** Policies, namespaces and, if asked for, the certificate from a cluster. Rejects with a StartError. */
export async function sourceFromCluster(
  options: ServeOptions,
  makesCertificate: boolean,
  environment: CliEnvironment,
  context: SourceContext,
): Promise<ClusterSource> {
  const { log, metrics, now } = context;
  const { api, connection } = await connected(options, environment);
  const namespace = options.namespace ?? (await ownNamespace()) ?? NAMESPACE;
  const host = environment.env['POD_NAME'] ?? environment.env['HOSTNAME'] ?? hostname();
  let use: ((certificate: ServingCertificate) => void) | undefined;
  let current: ServingCertificate | undefined;

  const clockwork = { now, delay, random: () => Math.random() };
  const report = clusterReport(context.log, context.metrics, now, (certificate) => {
    const isFirst = current === undefined;
    current = certificate;
    use?.(certificate);
    tellCertificate(context, certificate, isFirst);
  });
  const { scanInterval } = options;

  const state = startCluster({
    api,
    namespace,
    leaseName: options.leaseName,
    // A process that starts anew under the same name is another one.
    identity: `${host}_${randomUUID()}`,
    ...(makesCertificate && {
      certificates: {
        secretName: options.secretName,
        dnsNames: dnsNames(options.serviceName, namespace),
        overlapMilliseconds: options.certificateOverlap * 1000,
      },
    }),
    ...(options.canaryNamespace !== undefined && { canaryNamespace: options.canaryNamespace }),
    clockwork,
    report,
    ...(scanInterval > 0 && {
      leaderTask: (known) =>
        startBackgroundScan({
          ...known,
          api,
          evaluate,
          clockwork,
          everySeconds: scanInterval,
          report: scanReport(log, metrics, now, (sentence) => report.failed('scan', sentence)),
        }),
    }),
  });
  metrics.useFigures(() => state.figures());
  log.info({ server: connection.server, as: connection.as, namespace }, 'cluster');

  return {
    policyFor: (name) => state.policyFor(name),
    kinds: () => state.kinds(),
    cluster: state.beforeDenial,
    resolveNamespace: state.resolveNamespace,
    notReady: () => state.notReady(),
    async stop() {
      await state.stop();
      api.close();
    },
    async certificate(signal) {
      const aborted = Promise.withResolvers<never>();
      const stop = (): void => aborted.reject(new StartError(['ended before there was a certificate.']));
      signal.addEventListener('abort', stop, { once: true });
      const first = await Promise.race([state.certificate(), aborted.promise]);
      signal.removeEventListener('abort', stop);
      return {
        current: () => current ?? first,
        onChange(listener) {
          use = listener;
        },
        stop: () => Promise.resolve(),
      };
    },
  };
}

async function connected(options: ServeOptions, environment: CliEnvironment): ReturnType<typeof connect> {
  const { kubeconfig, context } = options;
  try {
    return await connect({
      env: environment.env,
      now: () => environment.now(),
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
    });
  } catch (error) {
    if (error instanceof KubeError) throw new StartError([error.message]);
    throw error;
  }
}

/** The API server calls the Service by the first; the others are for people, and `localhost` for `kubectl port-forward`. */
const dnsNames = (service: string, namespace: string): string[] => [
  `${service}.${namespace}.svc`,
  `${service}.${namespace}.svc.cluster.local`,
  `${service}.${namespace}`,
  'localhost',
];
