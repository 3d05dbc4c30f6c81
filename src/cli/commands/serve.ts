import { setTimeout as delay } from 'node:timers/promises';
import { createAdmit } from '../../admission/admit.ts';
import { CONTROLLER_ACCOUNTS } from '../../admission/controllers.ts';
import { evaluate } from '../../engine.ts';
import { createMetricsServer } from '../../http/metrics-server.ts';
import { createServer } from '../../http/server.ts';
import { batched } from '../../observe/batched.ts';
import { createLogger, logObserver } from '../../observe/log.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { observers } from '../../observe/observer.ts';
import { listenToEndSignals } from '../end-signals.ts';
import type { CliEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { reason } from '../input/files.ts';
import { certificateFromFiles } from '../serve/certificate-files.ts';
import { planServe, type ServeOptions } from '../serve/options.ts';
import { policiesFromFiles } from '../serve/policy-files.ts';
import type { CertificateSource, PolicySource, SourceContext } from '../serve/sources.ts';
import { StartError } from '../serve/start-error.ts';
import { VERSION } from '../version.ts';

export type { ServeOptions } from '../serve/options.ts';

/** Runs the webhook until a signal ends it. */
export async function serve(options: ServeOptions, environment: CliEnvironment): Promise<number> {
  const signals = listenToEndSignals();
  const ending = new AbortController();
  void signals.first.then(() => ending.abort());
  try {
    const log = createLogger(options.logLevel, batched(environment.stdout));
    const metrics = createMetrics();
    const running = await start(options, environment, { log, metrics, now: () => environment.now() }, ending.signal);
    const signal = await signals.first;
    log.info({ signal, seconds: options.shutdownDelay }, 'draining');
    const ended = running.end(options.shutdownDelay).then(() => true);
    if (await Promise.race([ended, signals.second.then(() => false)])) {
      log.info('ended');
      return EXIT.clean;
    }
    running.destroy();
    log.warn('ended at once by a second signal');
    return EXIT.findings;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    for (const sentence of error.sentences) environment.stderr.write(`error: ${sentence}\n`);
    return EXIT.unusable;
  } finally {
    signals.dispose();
  }
}

interface Running {
  /** Drains for so many seconds, then closes. */
  end(drainSeconds: number): Promise<void>;
  destroy(): void;
}

async function start(
  options: ServeOptions,
  environment: CliEnvironment,
  context: SourceContext,
  ending: AbortSignal,
): Promise<Running> {
  const { log, metrics } = context;
  const { address, docsUrl } = options;
  const { policies, certificate } = await openSources(options, environment, context, ending);
  const server = createServer({
    admit: createAdmit({
      evaluate,
      kinds: policies.kinds,
      policyFor: policies.policyFor,
      controllers: [...CONTROLLER_ACCOUNTS, ...options.controllers],
      ...(policies.cluster !== undefined && { cluster: policies.cluster }),
      ...(policies.resolveNamespace !== undefined && { resolveNamespace: policies.resolveNamespace }),
      ...(docsUrl !== undefined && { docsUrl }),
    }),
    certificate: certificate.current(),
    observer: observers(metrics, logObserver(log)),
    notReady: () => policies.notReady(),
  });
  certificate.onChange((next) => server.useCertificate(next));
  metrics.collectProcess();
  const metricsServer = createMetricsServer(metrics);
  const stopSources = async (): Promise<void> => {
    await Promise.all([policies.stop(), certificate.stop()]);
  };

  try {
    const port = await listen(server, options.port, address, '--port');
    const metricsPort = await listen(metricsServer, options.metricsPort, address, '--metrics-port');
    const { names, notAfter } = certificate.current();
    log.info(
      {
        version: VERSION,
        address,
        port,
        metricsPort,
        certificateNames: names,
        certificateNotAfter: new Date(notAfter).toISOString(),
      },
      'serving',
    );
  } catch (error) {
    await stopSources();
    await Promise.all([server.close(), metricsServer.close()]);
    throw error;
  }

  const atOnce = new AbortController();
  return {
    async end(drainSeconds) {
      server.drain();
      // Another replica leads from here on; what is known goes on to apply to the requests that still come.
      const stopped = stopSources();
      await delay(drainSeconds * 1000, undefined, { signal: atOnce.signal }).catch(() => undefined);
      await server.close();
      await stopped;
      await metricsServer.close();
    },
    destroy() {
      atOnce.abort();
      server.destroy();
    },
  };
}

async function openSources(
  options: ServeOptions,
  environment: CliEnvironment,
  context: SourceContext,
  ending: AbortSignal,
): Promise<{ readonly policies: PolicySource; readonly certificate: CertificateSource }> {
  const plan = planServe(options, (environment.env['KUBERNETES_SERVICE_HOST'] ?? '') !== '');
  if ('problem' in plan) throw new StartError([plan.problem]);
  const { certificates } = plan;
  if (plan.policies === 'files') {
    const policies = await policiesFromFiles(options.policy, context);
    if (certificates.from === 'self') throw new Error('without a cluster, the certificate comes from files');
    return { policies, certificate: await opened(policies, certificateFromFiles(certificates.files, context)) };
  }
  // Where there is no cluster, what speaks to one is not loaded.
  const { sourceFromCluster } = await import('../serve/cluster-source.ts');
  const cluster = await sourceFromCluster(options, certificates.from === 'self', environment, context);
  const certificate =
    certificates.from === 'self' ? cluster.certificate(ending) : certificateFromFiles(certificates.files, context);
  return { policies: cluster, certificate: await opened(cluster, certificate) };
}

/** Where the second of two cannot be opened, the first must not keep the process alive. */
async function opened<T>(first: PolicySource, second: Promise<T>): Promise<T> {
  try {
    return await second;
  } catch (error) {
    await first.stop();
    throw error;
  }
}

async function listen(
  server: { listen(port: number, host: string): Promise<number> },
  port: number,
  address: string,
  option: string,
): Promise<number> {
  try {
    return await server.listen(port, address);
  } catch (error) {
    throw new StartError([`cannot listen on ${address}, port ${port}: ${reason(error)}. Choose with --address and ${option}.`]);
  }
}
