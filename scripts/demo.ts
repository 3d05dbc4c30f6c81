/**
 * Lets six manifests through the real webhook, under Enforce, and shows what a person would see for each. With a real API server
 * where its programs are there already, and otherwise with the AdmissionReviews that one would send.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import picocolors from 'picocolors';
import { parse } from 'yaml';
import { wantsColor } from '../src/cli/report/colors.ts';
import { findBinaries, kubernetesVersion } from '../test/control-plane/harness/binaries.ts';
import { startControlPlane } from '../test/control-plane/harness/control-plane.ts';
import { apiServerStage } from './demo/api-server-stage.ts';
import { probeDiff } from './demo/probe-diff.ts';
import { reviewStage } from './demo/review-stage.ts';
import type { Stage } from './demo/stage.ts';

const EXAMPLES = ['cache-server', 'storefront', 'orders', 'orders-fixed', 'billing', 'postgres'];

const { bold, cyan, dim, green, red, yellow } = picocolors.createColors(wantsColor(process.stdout, process.env));

process.chdir(join(import.meta.dirname, '..'));
// What we started ends with this process, however it ends: see test/control-plane/harness/lifetime.ts.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const began = Date.now();
const binaries = await findBinaries();
const version = await kubernetesVersion();
const policy = await readFile('examples/policy.yaml', 'utf8');
const controlPlane =
  binaries === undefined
    ? undefined
    : await startControlPlane(binaries, version).catch((error: unknown) => {
        console.error(
          `The API server in ${binaries.folder} does not start: ${error instanceof Error ? error.message : String(error)}`,
        );
        return undefined;
      });

console.log(
  controlPlane === undefined
    ? 'No API server at hand: sending the webhook the AdmissionReviews that one would send, over HTTPS.\n' +
        dim('`npm run test:control-plane` shows the same on a real one, and says how to get it.')
    : `A real API server (Kubernetes ${version}) calls the webhook.`,
);
console.log(`ClusterProbePolicy from examples/policy.yaml: mode Enforce, patch Auto.\n`);

const stage = controlPlane === undefined ? await reviewStage(policy) : await apiServerStage(controlPlane.access, policy);
const results = [];
for (const name of EXAMPLES) results.push(await show(stage, name));

console.log(bold('The same storefront, under examples/storefront-policy.yaml, which says what its /readiness asks\n'));
await stage.underPolicy(await readFile('examples/storefront-policy.yaml', 'utf8'));
results.push(await show(stage, 'storefront'));

const denied = results.filter((result) => result === 'denied').length;
console.log(
  `${denied} denied, ${results.length - denied} admitted and patched, in ${Math.round((Date.now() - began) / 1000)} s.`,
);
await controlPlane?.stop();
process.exit(0);

/** Prints what the person who types `kubectl apply` sees, and what has become of the probes. */
async function show(on: Stage, name: string): Promise<'denied' | 'admitted'> {
  const file = `examples/${name}.yaml`;
  const manifest = await readFile(file, 'utf8');
  for (const line of manifest.split('\n')) if (line.startsWith('# ')) console.log(dim(line));
  console.log(bold(`$ kubectl apply -f ${file}`));
  const { terminal, stored } = await on.apply(file);
  for (const line of terminal.split('\n')) console.log(coloured(line));
  if (stored === undefined) {
    console.log(`\n${red('denied')}\n`);
    return 'denied';
  }
  const diff = probeDiff(parse(manifest), stored);
  console.log(`\n${green('admitted')}${diff.length === 0 ? ' as it is' : ', and stored with more patient probes:'}`);
  for (const line of diff) console.log(`  ${diffColoured(line)}`);
  console.log('');
  return 'admitted';
}

function coloured(line: string): string {
  if (line.startsWith('Warning: ')) return yellow('Warning: ') + line.slice('Warning: '.length);
  if (line.startsWith('Error ')) return red(line);
  return line.replace(/^ {4}(field|evidence|remedy|more) /, (label) => cyan(label));
}

function diffColoured(line: string): string {
  if (line.startsWith('+')) return green(line);
  return line.startsWith('-') ? red(line) : line;
}
