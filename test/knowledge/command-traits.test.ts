import { describe, expect, it } from 'vitest';
import { alwaysPasses, commandCost } from '../../src/knowledge/command-traits.ts';
import { livenessOf, only, podOf } from './pod.ts';

function traits(command: readonly string[]) {
  const pod = podOf({ name: 'app', image: 'example/app', livenessProbe: { exec: { command } } });
  return { cost: commandCost(livenessOf(pod), only(pod)), passes: alwaysPasses(livenessOf(pod), only(pod)) };
}
const script = (text: string): readonly string[] => ['sh', '-c', text];

describe('what a run costs', () => {
  it.each([
    [['rabbitmqctl', 'status'], 'Erlang'],
    [['timeout', '5', 'kafka-topics.sh', '--list'], 'Java'],
    [['python', '-m', 'celery', 'inspect', 'ping'], 'Python'],
    [['python3', '/probe.py'], 'Python'],
    [script('nodetool status | grep UN'), 'Java'],
    [script('ps aux | grep app | grep -v grep | wc -l'), 'pipeline of 4'],
  ])('is much for %j: %s', (command, what) => {
    const { cost } = traits(command);
    expect(cost?.heavy).toBe(true);
    expect(cost?.what).toContain(what);
  });

  it.each([[['cat', '/tmp/ok']], [['pg_isready']], [script('redis-cli ping | grep PONG')]])('is little for %j', (command) => {
    expect(traits(command).cost).toEqual({ heavy: false, what: '' });
  });

  it('is not asked of a probe without a command', () => {
    const pod = podOf({ name: 'app', livenessProbe: { httpGet: { port: 80 } } });
    expect(commandCost(livenessOf(pod), only(pod))).toBeUndefined();
    expect(alwaysPasses(livenessOf(pod), only(pod))).toBeUndefined();
  });
});

describe('a command that cannot fail', () => {
  it.each([
    [['true']],
    [script('pg_isready -h db || true')],
    [script('pg_isready -h db || exit 0')],
    [script('pg_isready -h db; exit 0')],
    [script('pg_isready -h db; echo done')],
    [script('exit 0')],
    [script('echo ok')],
  ])('%j', (command) => {
    expect(traits(command).passes).toMatch(/never fails|hides every failure/);
  });

  it.each([
    [['cat', '/tmp/ok']],
    [script('pg_isready -h db || exit 1')],
    [script('set -e; pg_isready -h db; exit 0')],
    [['sh', '-ec', 'pg_isready -h db; echo ok']],
    [script('pg_isready -h db || exit 1; echo ok')],
    [script('if ! pg_isready; then exit 1; fi; exit 0')],
    [script('true && pg_isready')],
    [script('exit $?')],
    [script('echo ok | grep no')],
  ])('is not %j', (command) => {
    expect(traits(command).passes).toBeUndefined();
  });
});
