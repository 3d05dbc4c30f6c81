import type { Rule, Severity } from '../../../core/rule.ts';
import { SEVERITIES } from '../../../core/rule.ts';
import { count } from '../../../core/text.ts';
import { type AuditReport, compare, killsOf, nameOf, type ObservedFinding, type ReportedWorkload } from '../../audit-report.ts';
import { observedText } from '../../history/observed.ts';
import { html, type Markup, NOTHING } from './escape.ts';

export function tiles({ summary }: AuditReport): Markup {
  const { workloads, errors, warnings, infos, killedByProbes, ifEnforced } = summary;
  return html`<ul class="tiles">
    ${tile(workloads, 'workloads')}${tile(errors, 'errors', 'Error')}${tile(warnings, 'warnings', 'Warning')}${tile(infos, 'infos', 'Info')}
    ${tile(killedByProbes, 'restarts by a probe', 'Error')}${tile(ifEnforced.denied, 'would be denied under Enforce', 'Error')}${tile(ifEnforced.patched, 'would be patched', 'good')}
  </ul>`;
}

const tile = (value: number, what: string, style = ''): Markup =>
  html`<li><strong class="${value > 0 ? style : ''}">${value}</strong>${what}</li>`;

export function filters({ workloads }: AuditReport): Markup {
  const flagged = workloads.filter(({ findings }) => findings.length > 0);
  const namespaces = [...new Set(flagged.map(({ namespace }) => namespace))].toSorted(compare);
  const rules = [...new Set(flagged.flatMap(({ findings }) => findings.map(({ finding }) => finding.rule)))].toSorted(compare);
  return html`<form hidden role="search" aria-label="Findings">
      <label>Search<input type="search" name="search" autocomplete="off" placeholder="name, image, text …" /></label>
      <label
        >Severity<select name="severity">
          <option value="">all</option>
          ${options(SEVERITIES)}
        </select></label
      >
      <label
        >Namespace<select name="namespace">
          <option value="">all</option>
          ${options(namespaces)}
        </select></label
      >
      <label
        >Rule<select name="rule">
          <option value="">all</option>
          ${options(rules)}
        </select></label
      >
      <label class="check"><input type="checkbox" name="killed" />restarted by a probe</label>
      <button type="reset">Show all</button>
    </form>
    <p id="told" role="status" class="quiet"></p>`;
}

const options = (values: readonly string[]): Markup[] => values.map((value) => html`<option>${value}</option>`);

export function card(workload: ReportedWorkload, now: number): Markup {
  const name = nameOf(workload);
  return html`<article
    class="card"
    data-namespace="${workload.namespace}"
    data-name="${name}"
    data-killed="${String(killsOf(workload) > 0)}"
  >
    <h3>${name}</h3>
    <ul class="findings">
      ${workload.findings.map((item) => findingItem(item, now))}
    </ul>
  </article> `;
}

function findingItem({ finding, observed }: ObservedFinding, now: number): Markup {
  const { rule, severity, message, remedy, verdict, exempt } = finding;
  const evidence = finding.evidence ?? verdict?.evidence;
  const seen = observed === undefined ? undefined : observedText(observed, now);
  return html`<li data-rule="${rule}" data-severity="${severity}">
    <p><span class="badge ${severity}">${severity}</span> <a href="#rule-${rule}">${rule}</a> ${message}</p>
    ${line('Seen', seen, 'seen')}${line('Because', evidence)}${line('To do', remedy)}${line('Exempt', exempt)}
  </li>`;
}

const line = (label: string, text: string | undefined, style = ''): Markup =>
  text === undefined ? NOTHING : html`<p class="${style}"><span class="quiet">${label}:</span> ${text}</p>`;

const counted = (findings: readonly ObservedFinding[], severity: Severity): number =>
  findings.filter(({ finding }) => finding.severity === severity).length;

export function namespaceTable({ workloads }: AuditReport): Markup {
  const groups = [...Map.groupBy(workloads, ({ namespace }) => namespace)].map(([namespace, members]) => {
    const findings = members.flatMap((member) => member.findings);
    const numbers = SEVERITIES.map((severity) => counted(findings, severity));
    return { namespace, workloads: members.length, numbers, kills: members.reduce((sum, member) => sum + killsOf(member), 0) };
  });
  groups.sort(
    (a, b) =>
      (b.numbers[0] ?? 0) - (a.numbers[0] ?? 0) || (b.numbers[1] ?? 0) - (a.numbers[1] ?? 0) || compare(a.namespace, b.namespace),
  );
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Namespace</th>
          <th scope="col" class="number">Workloads</th>
          ${SEVERITIES.map((severity) => html`<th scope="col" class="number">${severity}</th>`)}
          <th scope="col" class="number">Restarts by a probe</th>
        </tr>
      </thead>
      <tbody>
        ${groups.map(
          ({ namespace, workloads: members, numbers, kills }) =>
            html`<tr>
              <th scope="row"><a href="#workloads" data-show="namespace=${namespace}">${namespace}</a></th>
              <td class="number">${members}</td>
              ${numbers.map((number) => html`<td class="number">${number}</td>`)}
              <td class="number">${kills}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

export function ruleList({ workloads }: AuditReport, rules: readonly Rule[]): Markup[] {
  const findings = workloads.flatMap((workload) => workload.findings.map((item) => ({ ...item, workload })));
  const byRule = Map.groupBy(findings, ({ finding }) => finding.rule);
  return rules.flatMap(({ id, summary, why, remedy, allowed }) => {
    const found = byRule.get(id) ?? [];
    if (found.length === 0) return [];
    const where = count(new Set(found.map(({ workload }) => workload)).size, 'workload');
    return [
      html`<article class="card" id="rule-${id}">
        <h3>${id}</h3>
        <p>${summary} <a href="#workloads" data-show="rule=${id}">${count(found.length, 'finding')} in ${where}</a></p>
        <p><span class="quiet">Why:</span> ${why}</p>
        <p><span class="quiet">To do:</span> ${remedy}</p>
        <p><span class="quiet">What passes:</span> ${allowed}</p>
      </article> `,
    ];
  });
}
