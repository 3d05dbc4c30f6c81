/** The steps from the root of an object to a field: `['spec', 'containers', 0, 'livenessProbe']`. Text only at the edges. */
export type Path = readonly (string | number)[];

/** An RFC 6901 JSON pointer, for JSON Patch and machine-readable output. */
export function pointer(path: Path): string {
  let text = '';
  for (const step of path) text += `/${typeof step === 'string' ? escaped(step) : step}`;
  return text;
}

const escaped = (step: string): string => (/[~/]/.test(step) ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step);

/** The path as people write it: `spec.containers[0].livenessProbe`. */
export function display(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

export const startsWith = (path: Path, prefix: Path): boolean =>
  path.length >= prefix.length && prefix.every((step, index) => step === path[index]);
