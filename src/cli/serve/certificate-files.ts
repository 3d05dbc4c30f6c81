import { watchFiles } from '../../config/watch-file.ts';
import { readCertificate, type ServingCertificate } from '../../tls/certificate.ts';
import { readAll } from './read-all.ts';
import { type CertificateSource, type SourceContext, tellCertificate } from './sources.ts';
import { StartError } from './start-error.ts';

/** Certificate and key from files in PEM form, read again when they change. Rejects with a StartError. */
export async function certificateFromFiles(
  files: readonly [cert: string, key: string],
  context: SourceContext,
): Promise<CertificateSource> {
  const { log, metrics } = context;
  const texts = await readAll(files);
  const read = readPair(texts);
  if ('problem' in read) throw new StartError([`${files.join(' and ')} cannot be used: ${read.problem}.`]);
  let current = read.certificate;
  let use: ((certificate: ServingCertificate) => void) | undefined;
  tellCertificate(context, current, true);
  const watch = watchFiles(files, texts, {
    changed(changed) {
      const next = readPair(changed);
      if ('problem' in next) {
        metrics.certificateRefused();
        log.error({ files, problem: next.problem }, 'certificate refused: the old one stays in use');
        return;
      }
      current = next.certificate;
      use?.(current);
      tellCertificate(context, current, false);
    },
    unreadable(error) {
      metrics.certificateRefused();
      log.error({ error: error.message }, 'a certificate file cannot be read: the old certificate stays in use');
    },
  });
  return {
    current: () => current,
    onChange(listener) {
      use = listener;
    },
    stop: () => Promise.resolve(watch.close()),
  };
}

const readPair = ([cert = '', key = '']: readonly string[]) => readCertificate({ cert, key });
