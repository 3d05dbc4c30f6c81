import { type Command, Option } from '@commander-js/extra-typings';
import type { CliEnvironment } from '../environment.ts';
import { choiceOption, docsUrlOption, examples, policyOption, port, seconds } from '../options.ts';

/** The grammar of `probewise serve`. */
export function defineServe(command: Command, environment: CliEnvironment, finish: (code: number) => void): void {
  command
    .summary('run the admission webhook')
    .description(
      'Runs the admission webhook over HTTPS until it is told to end. In a pod, or with --kubeconfig, policies and namespaces are\n' +
        "watched in the cluster, and the certificate is the server's own; --policy, --tls-cert and --tls-key take files instead,\n" +
        'which are read again when they change.',
    )
    .addOption(policyOption())
    .option('--tls-cert <file>', 'certificate, with its chain, in PEM form')
    .option('--tls-key <file>', 'its private key, in PEM form')
    .addOption(
      choiceOption(
        '--certificates <source>',
        'self: made, renewed and kept in a Secret by the server; files: --tls-cert and --tls-key',
        ['self', 'files'] as const,
      ),
    )
    .option('--kubeconfig <file>', 'watch the cluster of this kubeconfig')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--namespace <name>', 'namespace of the Lease, the Secret and the Service (default: that of the pod)')
    .option('--service-name <name>', 'Service by which API servers call: the certificate is for it', 'probewise')
    .option('--secret-name <name>', 'Secret that keeps the certificate', 'probewise-certificate')
    .option('--lease-name <name>', 'Lease by which one of the replicas leads', 'probewise')
    .option('--canary-namespace <name>', 'namespace in which to see, every minute, that the API server calls the webhook')
    .addOption(
      new Option(
        '--controllers <account>',
        'another account of a controller, as a glob: what it makes is never denied (repeatable)',
      )
        .argParser((account: string, all: string[]) => [...all, account])
        .default<string[]>([], 'those of Kubernetes and of well-known operators'),
    )
    .option('--certificate-overlap <seconds>', 'how long a new authority is trusted before it is used', seconds, 300)
    .option(
      '--scan-interval <seconds>',
      'have the replica that leads look at all that runs, so often (default: never)',
      seconds,
      0,
    )
    .option('--address <address>', 'address to listen on', '0.0.0.0')
    .option('--port <port>', 'port of /mutate, /validate, /livez and /readyz (HTTPS)', port, 10_250)
    .option('--metrics-port <port>', 'port of /metrics (plain HTTP)', port, 9090)
    .addOption(
      choiceOption('--log-level <level>', 'least level that is logged', [
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ] as const).default('info' as const),
    )
    .addOption(docsUrlOption())
    .option('--shutdown-delay <seconds>', 'seconds to go on serving after the signal to end', seconds, 5)
    .addHelpText(
      'after',
      examples(
        'probewise serve --tls-cert tls.crt --tls-key tls.key --policy policy.yaml',
        'probewise serve --canary-namespace probewise-canary',
      ),
    )
    .action(async (options) => {
      const { serve } = await import('../commands/serve.ts');
      finish(await serve(options, environment));
    });
}
