import type { Container } from '../core/container.ts';
import type { Handler } from '../core/probe.ts';
import { readCommand } from './classify-command.ts';
import type { Invocation } from './command.ts';
import { quoted } from './sentence.ts';

/** What each run of an exec probe costs. For the rule `exec-probe-cost`. */
export interface CommandCost {
  /** A client that takes a second or more of CPU to start: a JVM, Erlang, a Python application, a long pipeline. */
  readonly heavy: boolean;
  /** What is started, for the message: "`rabbitmqctl`, an Erlang virtual machine,". Empty where it is not heavy. */
  readonly what: string;
}

/** Programs by the runtime that they bring up each time. */
const RUNTIMES: readonly (readonly [runtime: string, programs: ReadonlySet<string>])[] = [
  [
    'an Erlang virtual machine',
    new Set([
      'rabbitmqctl',
      'rabbitmq-diagnostics',
      'rabbitmq-queues',
      'rabbitmq-upgrade',
      'ejabberdctl',
      'emqx',
      'emqx_ctl',
      'vernemq',
      'vmq-admin',
      'riak',
    ]),
  ],
  [
    'a Java virtual machine',
    new Set([
      'java',
      'nodetool',
      'zkServer.sh',
      'zkCli.sh',
      'zookeeper-shell',
      'zookeeper-shell.sh',
      'pulsar-admin',
      'cypher-shell',
      'neo4j-admin',
      'kcadm.sh',
      'kc.sh',
      'hdfs',
      'yarn',
      'hbase',
      'jcmd',
      'jstack',
      'jps',
      'solr',
      'activemq',
      'artemis',
      'standalone.sh',
      'jboss-cli.sh',
      'sqlline',
    ]),
  ],
  [
    'a Python application',
    new Set([
      'python',
      'python2',
      'python3',
      'celery',
      'airflow',
      'manage.py',
      'cqlsh',
      'aws',
      'az',
      'gcloud',
      'superset',
      'sentry',
      'flask',
      'openstack',
      'neutron-agent-liveness',
      'openstack-agent-liveness',
    ]),
  ],
  ['a Ruby application', new Set(['rails', 'rake', 'sidekiqmon', 'bundle', 'gitlab-ctl', 'gitlab-rake'])],
  ['a Node.js program', new Set(['node', 'nodejs', 'mongosh', 'npm', 'npx'])],
  ['a PHP application', new Set(['artisan', 'occ', 'wp'])],
];

/** From so many programs on, starting them is what a shell script costs. */
const LONG_PIPELINE = 4;

export function commandCost(handler: Handler, container: Container): CommandCost | undefined {
  if (handler.kind !== 'exec') return undefined;
  const { invocations } = readCommand(handler.command, container);
  for (const invocation of invocations) {
    const runtime = runtimeOf(invocation);
    if (runtime !== undefined) return { heavy: true, what: `\`${quoted(invocation.program)}\`, ${runtime},` };
  }
  const piped = invocations.find((invocation) => invocation.pipedInto.length + 1 >= LONG_PIPELINE);
  if (piped !== undefined) return { heavy: true, what: `a pipeline of ${piped.pipedInto.length + 1} programs` };
  return { heavy: false, what: '' };
}

function runtimeOf({ program, path }: Invocation): string | undefined {
  const known = RUNTIMES.find(([, programs]) => programs.has(program));
  if (known !== undefined) return known[0];
  if (program.startsWith('kafka-')) return 'a Java virtual machine';
  return path.endsWith('.py') ? 'a Python application' : undefined;
}

/** Why this command can never fail, as a fragment: "`|| true` hides every failure". For the rule `probe-always-passes`. */
export function alwaysPasses(handler: Handler, container: Container): string | undefined {
  return handler.kind === 'exec' ? readCommand(handler.command, container).alwaysPasses : undefined;
}
