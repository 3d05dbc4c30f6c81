import { isMap, isPair, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';

export interface ChartValue {
  /** Dotted: `image.tag`. */
  readonly key: string;
  /** As JSON. */
  readonly default: string;
  readonly description: string;
}

/** The values that values.yaml describes with `# -- …`, in its order; `undescribed` are leaves that have no description. */
export function chartValues(text: string): { readonly values: ChartValue[]; readonly undescribed: string[] } {
  const document = parseDocument(text);
  const values: ChartValue[] = [];
  const undescribed: string[] = [];
  const visit = (map: YAMLMap, path: readonly string[], first: string | undefined): void => {
    map.items.forEach((item, index) => {
      if (!isPair(item)) return;
      const name = keyOf(item);
      const key = [...path, name].join('.');
      const comment = commentOf(item) ?? (index === 0 ? first : undefined);
      const description = described(comment);
      if (description !== undefined)
        values.push({ key, default: JSON.stringify(document.getIn([...path, name], true)), description });
      else if (isMap(item.value) && item.value.items.length > 0)
        visit(item.value, [...path, name], item.value.commentBefore ?? undefined);
      else undescribed.push(key);
    });
  };
  if (isMap(document.contents))
    visit(document.contents, [], document.commentBefore ?? document.contents.commentBefore ?? undefined);
  return { values, undescribed };
}

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

const commentOf = ({ key }: Pair): string | undefined => (isScalar(key) ? (key.commentBefore ?? undefined) : undefined);

/** What follows the last `--`, on one line. */
function described(comment: string | undefined): string | undefined {
  const start = comment?.lastIndexOf(' -- ') ?? -1;
  return comment === undefined || start < 0
    ? undefined
    : comment
        .slice(start + 4)
        .replace(/\s*\n\s*/g, ' ')
        .trim();
}

/** README.md of the chart. */
export function chartReadme(
  chart: { readonly version: string; readonly kubeVersion: string },
  values: readonly ChartValue[],
): string {
  const rows = values.map(({ key, default: value, description }) => `| \`${key}\` | \`${cell(value)}\` | ${cell(description)} |`);
  return `${INTRODUCTION}
Chart ${chart.version}, for Kubernetes ${chart.kubeVersion.replace('>=', '').replace(/\.0-0$/, '')} and later. How to install it on the
usual platforms, and with GitOps, is in [docs/install.md](../../docs/install.md); what to do when something is wrong, in
[docs/runbooks.md](../../docs/runbooks.md).

## Values

| value | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

const INTRODUCTION = `<!-- Generated from values.yaml by \`npm run generate:chart\`: change that, not this. -->
# The Helm chart of Probewise

\`\`\`sh
helm install probewise charts/probewise --namespace probewise --create-namespace
\`\`\`

`;

const cell = (text: string): string => text.replaceAll('|', '\\|');
