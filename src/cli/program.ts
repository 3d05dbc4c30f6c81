import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import type { CliEnvironment } from './environment.ts';
import { EXIT, FAIL_ON } from './exit-code.ts';
import { choiceOption, docsUrlOption, examples, namespaceOption, policyOption } from './options.ts';
import { wantsColor } from './report/colors.ts';
import { AUDIT_OUTPUTS, OUTPUTS } from './report/outputs.ts';
import { plainText } from './report/plain-text.ts';
import { defineServe } from './serve/command.ts';
import { VERSION } from './version.ts';

/** Runs a command line, without the program's own name, to its exit code. Throws only where Probewise itself is wrong. */
export async function run(argv: readonly string[], environment: CliEnvironment): Promise<number> {
  let code: number = EXIT.clean;
  const program = createProgram(environment, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(meantBy(argv, program), { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong already, or has printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.unusable;
    throw error;
  }
}

/** Help of a command that there is not is answered as that command is: with what was probably meant. */
function meantBy(argv: readonly string[], program: Command): readonly string[] {
  const [help, name] = argv;
  const unknown = help === 'help' && name !== undefined && !name.startsWith('-') && name !== 'help';
  return unknown && !program.commands.some((command) => command.name() === name) ? [name] : argv;
}

/** The grammar of the command line. Commands are loaded when they run: `lint` must not wait for the server's libraries. */
export function createProgram(environment: CliEnvironment, finish: (code: number) => void): Command {
  const program = configured(new Command('probewise'), environment)
    .description('Keeps Kubernetes probes from causing the outage that they were meant to prevent.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command');
  const command = (name: string): Command => configured(program.command(name), environment);

  command('lint')
    .summary('judge the probes in manifests')
    .description(
      'Judges the probes of every workload in YAML and JSON manifests. Directories are searched for *.yaml, *.yml and *.json; ' +
        '- reads stdin. Labels and annotations of Namespace objects in the same input count.',
    )
    .argument('<file...>', 'files, directories, or -')
    .addOption(choiceOption('-o, --output <format>', 'form of the results', OUTPUTS).default('text' as const))
    .addOption(
      choiceOption('--fail-on <severity>', 'exit with 1 where a finding is this bad or worse', FAIL_ON).default('error' as const),
    )
    .addOption(policyOption())
    .addOption(namespaceOption())
    .addOption(docsUrlOption())
    .addHelpText(
      'after',
      examples(
        'probewise lint deploy/',
        'probewise lint -o sarif --fail-on warning deploy/ > probewise.sarif',
        'helm template ./chart | probewise lint -',
        'kustomize build overlays/production | probewise lint --policy policy.yaml -',
      ),
    )
    .action(async (files, options) => {
      const { lint } = await import('./commands/lint.ts');
      finish(await lint(files, options, environment));
    });

  command('fix')
    .summary('make probes more patient, in place')
    .description(
      'Makes every safe fix in YAML and JSON manifests: timeouts, thresholds and startup budgets that are under the floors. ' +
        'Comments and formatting stay as they are. - reads stdin and writes stdout.',
    )
    .argument('<file...>', 'files, directories, or -')
    .option('--check', 'change nothing, and exit with 1 if anything is to be fixed')
    .option('--diff', 'change nothing, and print what would change')
    .option('--stdout', 'change nothing, and print the fixed files')
    .option('--unsafe', 'also move checks that liveness must not make, and say why: look at the diff before you apply it')
    .addOption(policyOption())
    .addOption(namespaceOption())
    .addHelpText(
      'after',
      examples('probewise fix deploy/', 'probewise fix --diff deploy/orders.yaml', 'probewise fix --check deploy/'),
    )
    .action(async (files, options) => {
      const { fix } = await import('./commands/fix.ts');
      finish(await fix(files, options, environment));
    });

  command('audit')
    .summary('judge the workloads that run in a cluster, worst first')
    .description(
      'Judges every workload of a cluster by its ClusterProbePolicies, or by those of --policy to try them, and tells what their\n' +
        'probes have done lately. Reads only. What may not be read is left out, and told.',
    )
    .addOption(choiceOption('-o, --output <format>', 'form of the results', AUDIT_OUTPUTS).default('text' as const))
    .addOption(
      choiceOption('--fail-on <severity>', 'exit with 1 where a finding is this bad or worse', FAIL_ON).default('error' as const),
    )
    .addOption(
      new Option('-n, --namespace <name>', 'namespace to look at (repeatable)')
        .argParser((name: string, names: string[]) => [...names, name])
        .default<string[]>([], 'all'),
    )
    .addOption(new Option('-A, --all-namespaces', 'look at all namespaces, as without -n').conflicts('namespace'))
    .option('-l, --selector <labels>', 'only workloads with these labels, as for kubectl: app=shop,tier!=cache')
    .option('--kubeconfig <file>', 'kubeconfig to use instead of KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig to use')
    .addOption(policyOption())
    .option('--all', 'show every finding as text, however many there are')
    .addOption(docsUrlOption())
    .addHelpText(
      'after',
      examples(
        'probewise audit',
        'probewise audit -n shop -l app=orders',
        'probewise audit --context production --policy strict.yaml',
        'probewise audit -o html > probes.html',
        'probewise audit -o exemptions > exemptions.yaml',
      ),
    )
    .action(async (options) => {
      const { audit } = await import('./commands/audit.ts');
      finish(await audit(options, environment));
    });

  command('explain')
    .summary('say what is known of a rule, an endpoint, a command, an image or a namespace')
    .description(
      'Says what a rule wants and why, or what an endpoint or a command really checks, with the source, and what to ask instead;\n' +
        'or, of a cluster, which policy is in force in a namespace, and where each value comes from.',
    )
    .argument('[subject]', "a rule, a path such as /actuator/health, a command such as 'pg_isready -h db', or the word namespace")
    .argument('[name]', 'the namespace')
    .option('--image <image>', 'what is known of this image; with a path or a command, what they mean there')
    .option('--kubeconfig <file>', 'for a namespace: the kubeconfig of its cluster')
    .option('--context <name>', 'for a namespace: context of the kubeconfig')
    .addHelpText(
      'after',
      examples(
        'probewise explain liveness-dependency',
        'probewise explain /actuator/health',
        "probewise explain 'pg_isready -h db'",
        'probewise explain --image redis:7',
        'probewise explain namespace shop',
      ),
    )
    .action(async (subject, name, options) => {
      if (subject === 'namespace') {
        const { explainNamespace } = await import('./commands/explain-namespace.ts');
        finish(await explainNamespace(name, options, environment));
        return;
      }
      if (name !== undefined) {
        environment.stderr.write(
          `error: Put a command line in quotes: probewise explain '${plainText(`${subject} ${name}`)}'.\n`,
        );
        finish(EXIT.unusable);
        return;
      }
      const { explain } = await import('./commands/explain.ts');
      finish(await explain(subject, options, environment));
    });

  command('rules')
    .summary('list the rules')
    .description('Lists every rule: its id, the worst severity that it yields, whether it offers a safe fix, and what it wants.')
    .addOption(choiceOption('-o, --output <format>', 'form of the list', ['text', 'json'] as const).default('text' as const))
    .addHelpText('after', examples('probewise rules', 'probewise rules -o json'))
    .action(async ({ output }) => {
      const { listRules } = await import('./commands/rules.ts');
      finish(listRules(output, environment));
    });

  defineServe(command('serve'), environment, finish);

  return program;
}

/** Output goes to the environment's streams, and nothing ends the process but main.ts. */
function configured(command: Command, environment: CliEnvironment): Command {
  const { stdout, stderr, env } = environment;
  return command
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('Run with --help to see what there is.')
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 120,
      getErrHelpWidth: () => stderr.columns ?? 120,
      getOutHasColors: () => wantsColor(stdout, env),
      getErrHasColors: () => wantsColor(stderr, env),
    })
    .exitOverride();
}
