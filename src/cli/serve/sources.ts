import type { AdmissionDependencies } from '../../admission/admit.ts';
import type { Logger } from '../../observe/log.ts';
import type { Metrics } from '../../observe/metrics.ts';
import type { ServingCertificate } from '../../tls/certificate.ts';

/** Where policies come from: files, or the cluster. */
export interface PolicySource extends Pick<AdmissionDependencies, 'policyFor' | 'kinds' | 'cluster' | 'resolveNamespace'> {
  /** Why no request should come yet. */
  notReady(): string | undefined;
  /** Ends whatever keeps it up to date; what is known goes on to apply. */
  stop(): Promise<void>;
}

/** Where the serving certificate comes from: files, or a Secret. */
export interface CertificateSource {
  /** The newest one that can be used. */
  current(): ServingCertificate;
  /** Called with each one that comes after `current` was first asked. */
  onChange(use: (certificate: ServingCertificate) => void): void;
  stop(): Promise<void>;
}

export interface SourceContext {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Tells of a certificate that came into use; the first one stands in the line that says `serving`. */
export function tellCertificate(context: SourceContext, { names, notAfter }: ServingCertificate, isFirst: boolean): void {
  const { log, metrics, now } = context;
  metrics.certificateLoaded(notAfter);
  if (!isFirst) log.info({ names, notAfter: new Date(notAfter).toISOString() }, 'certificate loaded');
  if (notAfter < now()) log.warn({ names }, 'the certificate has expired: the API server refuses it');
}
