/** Is this file for a shell? Told by its first line, or, where there is none, by its name. */
export function isShellScript(path: string, text: string): boolean {
  const first = firstLine(text);
  if (first.startsWith('#!')) return /(?:^|[/ ])(?:ba|da|a|z|k)?sh(?: |$)/.test(first);
  return path.endsWith('.sh') || !path.slice(path.lastIndexOf('/') + 1).includes('.');
}

export function isPythonScript(path: string, text: string): boolean {
  return firstLine(text).includes('python') || path.endsWith('.py');
}

const firstLine = (text: string): string => {
  const end = text.indexOf('\n');
  return (end < 0 ? text : text.slice(0, end)).slice(0, 128).trim();
};
