import { createHash } from 'node:crypto';
import { showTime } from '../../core/time.ts';
import { rules } from '../../rules/index.ts';
import type { AuditReport } from '../audit-report.ts';
import { html, NOTHING } from './html/escape.ts';
import { SCRIPT } from './html/script.ts';
import { card, filters, namespaceTable, ruleList, tiles } from './html/sections.ts';
import { STYLE } from './html/style.ts';

/** One page that needs nothing else: no network, no server. In pieces, since it may be long. */
export function* renderAuditHtml(report: AuditReport): Generator<string> {
  const { cluster, now, policies, skipped, workloads } = report;
  // Whatever a name in the cluster holds: only this script runs.
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<title>Probes in the cluster</title><style>${STYLE}</style></head><body>
`;
  yield html`<a class="skip" href="#workloads">To the findings</a>
    <header>
      <h1>Probes in the cluster</h1>
      <p class="quiet">
        ${cluster}, ${showTime(Math.floor(now / 1000) * 1000)}, judged by
        ${policies.length === 0 ? 'no policy' : `policy ${policies.join(', ')}`}
      </p>
    </header>
    <main>
      ${tiles(report)}
      ${
        skipped.length === 0
          ? NOTHING
          : html`<section aria-labelledby="skipped">
              <h2 id="skipped">Not read</h2>
              <ul>
                ${skipped.map(
                  ({ what, namespaces, reason }) =>
                    html`<li>${what}${namespaces.length === 0 ? '' : ` in ${namespaces.join(', ')}`}: ${reason}</li>`,
                )}
              </ul>
            </section>`
      }
      <section aria-labelledby="workloads">
        <h2 id="workloads">Workloads, worst first</h2>
        ${filters(report)}
     `.markup;
  const flagged = workloads.filter(({ findings }) => findings.length > 0);
  for (const workload of flagged) yield card(workload, now).markup;
  const good = workloads.length - flagged.length;
  yield html`<p class="quiet">${good} more without a finding.</p></section>
<section aria-labelledby="namespaces"><h2 id="namespaces">Namespaces</h2>${namespaceTable(report)}</section>
<section aria-labelledby="rules"><h2 id="rules">Rules</h2>${ruleList(report, rules)}</section>
</main>
`.markup;
  yield `<script>${SCRIPT}</script></body></html>\n`;
}
