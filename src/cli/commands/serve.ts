import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdmit } from '../../admission/admit.ts';
import { CONTROLLER_ACCOUNTS } from '../../admission/controllers.ts';
import { createPolicyLookup } from '../../config/policy-lookup.ts';
import { readPolicySet } from '../../config/policy-set.ts';
import { type FileWatch, watchFiles } from '../../config/watch-file.ts';
import { evaluate } from '../../engine.ts';
import { createMetricsServer } from '../../http/metrics-server.ts';
import { createServer, type WebhookServer } from '../../http/server.ts';
import { createLogger, type Logger, logObserver, type LogLevel } from '../../observe/log.ts';
import { createMetrics, type Metrics } from '../../observe/metrics.ts';
import { observers } from '../../observe/observer.ts';
import { readCertificate } from '../../tls/certificate.ts';
import { listenToEndSignals } from '../end-signals.ts';
import type { CliEnvironment } from '../environment.ts';
import { EXIT } from '../exit-code.ts';
import { reason } from '../input/files.ts';
import { VERSION } from '../version.ts';

export interface ServeOptions {
  readonly policy: readonly string[];
  /** Files in PEM form. */
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly address: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly logLevel: LogLevel;
  readonly docsUrl?: string | undefined;
  /** Seconds. */
  readonly shutdownDelay: number;
}

/** Runs the webhook until a signal ends it. */
export async function serve(options: ServeOptions, environment: CliEnvironment): Promise<number> {
  const signals = listenToEndSignals();
  try {
    const log = createLogger(options.logLevel, environment.stdout);
    const running = await start(options, environment, log);
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

/** What a person can mend before starting again. */
class StartError extends Error {
  readonly sentences: readonly string[];

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.sentences = sentences;
  }
}

async function start(options: ServeOptions, environment: CliEnvironment, log: Logger): Promise<Running> {
  const now = () => environment.now();
  const { address, port, metricsPort, docsUrl } = options;
  const tlsFiles = [options.tlsCert, options.tlsKey];
  const [policyTexts, tlsTexts] = await Promise.all([readAll(options.policy), readAll(tlsFiles)]);
  const policies = readPolicySet(options.policy, policyTexts);
  if (policies.problems.length > 0) throw new StartError(policies.problems);
  const tls = readPair(tlsTexts);
  if ('problem' in tls) throw new StartError([`${tlsFiles.join(' and ')} cannot be used: ${tls.problem}.`]);

  const metrics = createMetrics();
  metrics.collectProcess();
  metrics.policyLoaded(now());
  metrics.certificateLoaded(tls.certificate.notAfter);
  if (tls.certificate.notAfter < now()) log.warn({ files: tlsFiles }, 'the certificate has expired: the API server refuses it');

  const lookup = createPolicyLookup(policies.policies, now);
  const server = createServer({
    admit: createAdmit({
      evaluate,
      kinds: lookup.kinds,
      policyFor: lookup.policyFor,
      controllers: CONTROLLER_ACCOUNTS,
      ...(docsUrl !== undefined && { docsUrl }),
    }),
    certificate: tls.certificate,
    observer: observers(metrics, logObserver(log)),
    // The policies are there before the port is.
    notReady: () => undefined,
  });
  const metricsServer = createMetricsServer(metrics);
  const watches = [
    watchFiles(options.policy, policyTexts, {
      changed(texts) {
        const { policies: next, problems } = readPolicySet(options.policy, texts);
        if (problems.length > 0) {
          metrics.policyRefused();
          log.error({ problems }, 'policies refused: the old ones stay in force');
          return;
        }
        lookup.use(next);
        metrics.policyLoaded(now());
        log.info({ files: options.policy, policies: next.map(({ name }) => name) }, 'policies loaded');
      },
      unreadable(error) {
        metrics.policyRefused();
        log.error({ error: error.message }, 'a policy file cannot be read: the old policies stay in force');
      },
    }),
    watchFiles(tlsFiles, tlsTexts, {
      changed: (texts) => swapCertificate(texts, tlsFiles, server, metrics, log),
      unreadable(error) {
        metrics.certificateRefused();
        log.error({ error: error.message }, 'a certificate file cannot be read: the old certificate stays in use');
      },
    }),
  ];
  const stopWatching = (): void => watches.forEach((watch: FileWatch) => watch.close());

  try {
    const [https, http] = [
      await listen(server, port, address, '--port'),
      await listen(metricsServer, metricsPort, address, '--metrics-port'),
    ];
    log.info(
      {
        version: VERSION,
        address,
        port: https,
        metricsPort: http,
        policies: policies.policies.map(({ name }) => name),
        certificateNames: tls.certificate.names,
        certificateNotAfter: new Date(tls.certificate.notAfter).toISOString(),
      },
      'serving',
    );
  } catch (error) {
    stopWatching();
    await Promise.all([server.close(), metricsServer.close()]);
    throw error;
  }

  const atOnce = new AbortController();
  return {
    async end(drainSeconds) {
      server.drain();
      await delay(drainSeconds * 1000, undefined, { signal: atOnce.signal }).catch(() => undefined);
      await server.close();
      stopWatching();
      await metricsServer.close();
    },
    destroy() {
      atOnce.abort();
      server.destroy();
    },
  };
}

function swapCertificate(
  texts: readonly string[],
  files: readonly string[],
  server: WebhookServer,
  metrics: Metrics,
  log: Logger,
): void {
  const read = readPair(texts);
  if ('problem' in read) {
    metrics.certificateRefused();
    log.error({ files, problem: read.problem }, 'certificate refused: the old one stays in use');
    return;
  }
  const { certificate } = read;
  server.useCertificate(certificate);
  metrics.certificateLoaded(certificate.notAfter);
  log.info({ names: certificate.names, notAfter: new Date(certificate.notAfter).toISOString() }, 'certificate loaded');
}

const readPair = ([cert = '', key = '']: readonly string[]) => readCertificate({ cert, key });

async function readAll(files: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  const sentences: string[] = [];
  for (const file of files) {
    try {
      texts.push(await readFile(file, 'utf8'));
    } catch (error) {
      sentences.push(`${file} cannot be read: ${reason(error)}.`);
    }
  }
  if (sentences.length > 0) throw new StartError(sentences);
  return texts;
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
