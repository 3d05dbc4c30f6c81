/** The API server sends each as `299 - "text"`, joined by commas, with quotes and backslashes escaped. */
export const warningsIn = (header: string | readonly string[] | undefined): string[] =>
  (header === undefined ? [] : [header].flat()).flatMap((line) =>
    [...line.matchAll(/299 [^\s"]+ "((?:[^"\\]|\\.)*)"/g)].map(([, message = '']) => message.replaceAll(/\\(.)/g, '$1')),
  );
