import { rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, parse } from 'node:path';
import { build as makeBundle, type Metafile, type Plugin } from 'esbuild';

/**
 * Makes one program that needs nothing but Node, in a folder that holds nothing else: the file that is started, and parts beside it that
 * are read only by the commands that need them (a fifth less time and 7 MB less memory to start the server than one file, measured).
 * What it is made from is in the result.
 */
export async function bundle(entry: string, outfile: string): Promise<Metafile> {
  const { dir, name } = parse(outfile);
  await rm(dir, { recursive: true, force: true });
  const { metafile } = await makeBundle({
    entryPoints: [entry],
    outdir: dirname(outfile),
    entryNames: name,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
    plugins: [requireBuiltins],
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
  });
  return metafile;
}

/**
 * Node's own modules by `require`: an `import` of one reads each of its exports, and those of `node:http` load a whole HTTP client that
 * nobody uses (a tenth of the time to start, measured).
 */
const requireBuiltins: Plugin = {
  name: 'require-builtins',
  setup(build) {
    build.onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      const builtin = path.startsWith('node:') ? path : `node:${path}`;
      return kind === 'import-statement' ? { path: builtin, namespace: 'builtin' } : { path: builtin, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
  },
};
