import { describe, expect, it } from 'vitest';
import { alwaysPasses } from '../../src/knowledge/command-traits.ts';
import { judgeCommand, judgeScript, livenessOf, only, podOf } from './pod.ts';

const passes = (script: string): string | undefined => {
  const pod = podOf({ name: 'app', image: 'x', livenessProbe: { exec: { command: ['sh', '-c', script] } } });
  return alwaysPasses(livenessOf(pod), only(pod));
};

describe('an exit code that does not count is no proof', () => {
  it.each([
    'curl http://metrics/push & test -f /tmp/ok',
    '(curl -f http://metrics/push &) ; test -f /tmp/ok',
    '{ curl -f http://metrics/push & } ; test -f /tmp/ok',
    'push() { curl -f http://metrics/push; }; push & test -f /tmp/ok',
    'sh -c "curl http://metrics/push" & test -f /tmp/ok',
  ])('in the background: %s', (script) => {
    expect(judgeScript(script)).toMatchObject({ asks: 'dependency', confidence: 'low' });
    expect(judgeScript(script).evidence).toContain('In the background');
  });

  it.each([
    'curl -f http://metrics/push; test -f /tmp/ok',
    'curl -f http://metrics/push\ntest -f /tmp/ok',
    '(curl -f http://metrics/push; exit 1); test -f /tmp/ok',
    'curl -f http://metrics/push || echo failed; test -f /tmp/ok',
    'if curl -f http://metrics/push; then echo pushed; fi; test -f /tmp/ok',
    'set -e; set +e; curl -f http://metrics/push >/dev/null 2>&1; test -f /tmp/ok',
    'curl -f http://metrics/push; test -f /tmp/ok; exit $?',
  ])('thrown away: %s', (script) => {
    expect(judgeScript(script)).toMatchObject({ asks: 'dependency', confidence: 'medium' });
    expect(judgeScript(script).evidence).toContain('can hang until the timeout');
  });

  it.each([
    'set -e; pg_isready -h db; test -f /tmp/ok',
    'set -o errexit; pg_isready -h db; test -f /tmp/ok',
    'pg_isready -h db; exit $?',
    'pg_isready -h db; if [ $? -ne 0 ]; then exit 1; fi; test -f /tmp/ok',
    'state=$(redis-cli -h cache ping); [ "$state" = PONG ]',
    'curl -s http://orders/health > /tmp/answer; grep UP /tmp/answer',
    'curl -s http://orders/health -o /tmp/answer; grep UP /tmp/answer',
    'if ! pg_isready -h db; then exit 1; fi; test -f /tmp/ok',
    'pg_isready -h db && touch /tmp/seen; test -f /tmp/seen',
    'check() { pg_isready -h db || exit 1; }; check; test -f /tmp/ok',
    'check() { pg_isready -h db || return 1; test -f /tmp/ok; }; check',
    'until nc -z db 5432; do sleep 1; done; test -f /tmp/ok',
    'pg_isready -h db & wait $!',
    'test -f /tmp/ok; pg_isready -h db',
  ])('but here it counts: %s', (script) => {
    expect(judgeScript(script)).toMatchObject({ asks: 'dependency', confidence: 'high' });
  });

  it('counts the flag of the shell', () => {
    expect(judgeCommand(['sh', '-ec', 'pg_isready -h db; test -f /tmp/ok'])).toMatchObject({ confidence: 'high' });
  });
});

describe('what never runs asks nothing', () => {
  it.each([
    'check() { pg_isready -h db; }; test -f /tmp/ok',
    'function check { pg_isready -h db; }\ntest -f /tmp/ok',
    'test -f /tmp/ok; exit $?; pg_isready -h db',
    '{ test -f /tmp/ok; exit; }; pg_isready -h db',
    'exec test -f /tmp/ok; pg_isready -h db',
  ])('%s', (script) => {
    expect(judgeScript(script).asks).toBe('process');
  });

  it('is no end where only one branch leaves', () => {
    expect(judgeScript('test -f /tmp/off && exit 0; pg_isready -h db')).toMatchObject({ asks: 'dependency', confidence: 'high' });
  });

  it('knows a script that ends well before its last line', () => {
    expect(passes('pg_isready -h db; exit 0; false')).toBeDefined();
    expect(passes('pg_isready -h db &')).toBeDefined();
    expect(passes('test -f /tmp/ok; exit $?; true')).toBeUndefined();
  });

  it('follows functions that call each other without getting lost', () => {
    const many = Array.from({ length: 60 }, (_, index) => `f${index}() { ${`f${index + 1}; `.repeat(20)} }`).join('\n');
    const start = performance.now();
    expect(judgeScript(`${many}\nf60() { f0; }\nf0`).asks).toBeDefined();
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('scripts that are made to be slow are read in a moment', () => {
  it.each([
    ['lists in lists', '{ a; '.repeat(3000)],
    ['a long list', 'a;'.repeat(8000)],
    ['subshells', '('.repeat(2000) + 'a' + ')'.repeat(2000)],
    ['many redirections', `curl ${'--resolve a:1:b '.repeat(500)} ${'u.r '.repeat(2000)}`],
    ['a long redirection', `curl --resolve=${'a:['.repeat(5000)} u.r`],
    ['half a request', `echo "${'GET /'.repeat(3000)}" > /dev/tcp/localhost/1`],
    ['nested functions', `${'f() { g() { '.repeat(500)}a${' ; }; g; }; f'.repeat(500)}`],
    ['and, or', 'a && b || c && '.repeat(1000)],
  ])('%s', (_name, script) => {
    const start = performance.now();
    judgeScript(script);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('a client that takes any status fails only where no answer comes', () => {
  it.each([
    ['curl -s http://localhost:8080/actuator/health', 'aggregate', 'medium'],
    ['curl -s http://localhost:8080/readyz', 'readiness', 'medium'],
    ['curl -fsS http://localhost:8080/actuator/health', 'aggregate', 'high'],
    ['curl --fail-with-body http://localhost:8080/readyz', 'readiness', 'high'],
    ['curl -s http://localhost:8080/actuator/health | grep UP', 'aggregate', 'high'],
    ['[ "$(curl -so /dev/null -w "%{http_code}" http://localhost:8080/readyz)" = 200 ]', 'readiness', 'high'],
    ['wget -q --spider http://localhost:8080/readyz', 'readiness', 'high'],
    ['curl -s http://orders/health', 'dependency', 'high'],
    ['http :8080/readyz', 'readiness', 'medium'],
  ])('%s: %s, %s', (script, asks, confidence) => {
    expect(judgeScript(script)).toMatchObject({ asks, confidence });
  });
});

describe('a request that is written to a socket is a request', () => {
  it.each([
    [
      "{ printf 'HEAD /health/ready HTTP/1.0\\r\\n\\r\\n' >&0; grep 'HTTP/1.0 200'; } 0<>/dev/tcp/localhost/9000",
      'readiness',
      'high',
    ],
    ['exec 3<>/dev/tcp/127.0.0.1/8080; echo -e "GET /actuator/health HTTP/1.1\\r\\n" >&3; grep UP <&3', 'aggregate', 'high'],
    ["printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' | nc localhost 8080 | grep 200", 'readiness', 'high'],
    ["printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' | nc localhost 8080", 'readiness', 'medium'],
    ["printf 'GET /livez HTTP/1.0\\r\\n\\r\\n' | nc localhost 8080 | grep 200", 'process', 'medium'],
    ['exec 3<>/dev/tcp/orders/8080; echo "GET /livez HTTP/1.1" >&3', 'dependency', 'high'],
  ])('%s: %s, %s', (script, asks, confidence) => {
    expect(judgeScript(script)).toMatchObject({ asks, confidence });
  });
});

describe('grpc_health_probe', () => {
  it('asks what a gRPC probe would', () => {
    expect(judgeCommand(['grpc_health_probe', '-addr=:6789'], 'kubeflow/katib-db-manager:1')).toMatchObject({
      asks: 'dependency',
      entry: 'katib-db-manager',
    });
  });
});
