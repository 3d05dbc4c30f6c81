import { describe, expect, it } from 'vitest';
import { readPodSpec } from '../../src/core/container.ts';
import { classify } from '../../src/knowledge/classify.ts';
import { judgeCommand, judgeScript, livenessOf, only } from './pod.ts';

const secret = (name: string): object => ({ name, valueFrom: { secretKeyRef: { name: 's', key: 'k' } } });

describe('the own pod has many names', () => {
  it.each([
    'localhost.',
    'LOCALHOST',
    'ip6-localhost',
    'localhost6',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0::1]',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0.0.0.0',
    '0',
  ])('%s is one of them', (host) => {
    expect(judgeCommand(['curl', '-f', `http://${host}:8080/livez`]).asks).toBe('process');
  });

  it.each(['localhost.example.com', '128.0.0.1', '2147483649', '[::ffff:10.0.0.1]', '[::2]', '127.0.0.1.example.com', '1.db'])(
    '%s is none',
    (host) => {
      expect(judgeCommand(['curl', '-f', `http://${host}:8080/livez`])).toMatchObject({ asks: 'dependency', confidence: 'high' });
    },
  );

  it.each([
    [['--resolve', 'db:80:127.0.0.1']],
    [['--resolve', 'other:80:10.0.0.1', '--resolve', '+db:80:[::1]']],
    [['--resolve', '*:80:127.0.0.1']],
    [['--connect-to', '::127.0.0.1:80']],
    [['--connect-to', 'db:80:localhost:8080']],
  ])('curl %j http://db/livez asks it', (options) => {
    expect(judgeCommand(['curl', '-f', ...options, 'http://db/livez']).asks).toBe('process');
  });

  it.each([
    [['--resolve', 'other:80:127.0.0.1']],
    [['--resolve', 'db:443:127.0.0.1']],
    [['--connect-to', 'db:443:127.0.0.1:80']],
  ])('curl %j http://db/livez does not', (options) => {
    expect(judgeCommand(['curl', '-f', ...options, 'http://db/livez']).asks).toBe('dependency');
  });

  const inPod = (pod: object, livenessProbe: object) => {
    const spec = readPodSpec({ ...pod, containers: [{ name: 'app', image: 'example/app', livenessProbe }] }, ['spec']);
    return classify(livenessOf(spec), only(spec), spec, []);
  };

  it('reads hostAliases of the pod', () => {
    const livenessProbe = { exec: { command: ['pg_isready', '-h', 'Db.local'] } };
    const alias = (ip: string) => ({ hostAliases: [{ ip, hostnames: ['x', 'db.local'] }] });
    expect(inPod(alias('127.0.0.1'), livenessProbe).asks).toBe('process');
    expect(inPod(alias('10.1.2.3'), livenessProbe)).toMatchObject({ asks: 'dependency', confidence: 'high' });
    expect(inPod({ hostAliases: 'none' }, livenessProbe).asks).toBe('dependency');
  });

  it('takes a link-local address for its own on the network of the node, but for the metadata of a cloud', () => {
    const livenessProbe = (host: string) => ({ httpGet: { path: '/livez', port: 8080, host } });
    expect(inPod({ hostNetwork: true }, livenessProbe('169.254.20.10')).asks).toBe('process');
    expect(inPod({}, livenessProbe('169.254.20.10')).asks).toBe('dependency');
    expect(inPod({ hostNetwork: true }, livenessProbe('169.254.169.254')).asks).toBe('dependency');
  });
});

describe('a host that the manifest does not show is no proof', () => {
  it.each([
    ['redis-cli -h $REDIS_HOST ping', 'redis:7'],
    ['pg_isready -h "$PGHOST"', 'postgres:16'],
    ['mysqladmin ping -h ${MYSQL_HOST}', 'mariadb:11'],
  ])('%s in %s more likely asks the server itself', (script, image) => {
    expect(judgeScript(script, image)).toMatchObject({ asks: 'unknown', confidence: 'low' });
  });

  it.each(['redis-cli -h $REDIS_HOST ping', 'pg_isready -h "$PGHOST"', 'curl -f http://$ORDERS_SERVICE_HOST/livez'])(
    '%s elsewhere is another system by the name of the variable alone',
    (script) => {
      expect(judgeScript(script)).toMatchObject({ asks: 'dependency', confidence: 'medium' });
    },
  );

  it('knows no more where a Secret holds the value', () => {
    expect(judgeScript('pg_isready', 'example/api', [secret('PGHOST')])).toMatchObject({ confidence: 'medium' });
    expect(judgeScript('pg_isready', 'postgres:16', [secret('PGHOST')])).toMatchObject({ asks: 'unknown' });
  });

  it('but knows the address of the API server, which is in every container', () => {
    expect(judgeScript('curl -kf https://$KUBERNETES_SERVICE_HOST/livez')).toMatchObject({
      asks: 'dependency',
      confidence: 'high',
    });
  });
});
