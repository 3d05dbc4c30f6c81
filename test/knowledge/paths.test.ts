import { describe, expect, it } from 'vitest';
import { judge, judgeHttp } from './pod.ts';

describe('one endpoint has one verdict, however its path is spelled', () => {
  it.each([
    '/actuator/%68ealth',
    '/%61ctuator/health',
    '/actuator/health;a=b',
    '/actuator;v=1/health',
    '/actuator/./health',
    '/actuator/info/../health',
    '/actuator/%2e%2e/actuator/health',
    '//actuator//health/',
    '/Actuator/Health',
    '/actuator/health#x',
  ])('%s is the health of Actuator', (path) => {
    expect(judgeHttp(path)).toMatchObject({ asks: 'aggregate', confidence: 'high' });
  });

  it.each(['/actuator%2Fhealth', '/actuator/%2568ealth', '/actuator/health%3Fa', '/%', '/%zz', '/%6', '/..', '/;'])(
    '%s is not',
    (path) => {
      expect(judgeHttp(path).asks).toBe('unknown');
    },
  );

  it('finds Actuator behind its own base path in every spelling', () => {
    const env = [{ name: 'MANAGEMENT_ENDPOINTS_WEB_BASE_PATH', value: '/manage/' }];
    const httpGet = { path: '/manage/%68ealth', port: 8080 };
    expect(judge({ env, livenessProbe: { httpGet } })).toMatchObject({ asks: 'aggregate', confidence: 'high' });
  });
});
