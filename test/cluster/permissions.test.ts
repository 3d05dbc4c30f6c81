import { beforeAll, describe, expect, it } from 'vitest';
import { list, property, text } from '../../src/core/json.ts';
import { type Api, openApi } from './harness/api.ts';
import { install } from './harness/installation.ts';
import { kubectl } from './harness/run.ts';
import { CANARY, PROBEWISE } from './harness/workloads.ts';

let api: Api;
beforeAll(async () => {
  await install();
  api = await openApi();
  return () => api.close();
});

const ACCOUNT = `system:serviceaccount:${PROBEWISE}:probewise`;
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;

interface Question {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  readonly namespace?: string;
  readonly name?: string;
}

async function may(question: Question): Promise<boolean> {
  const { status, body } = await api.send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: ACCOUNT,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${PROBEWISE}`, 'system:authenticated'],
      resourceAttributes: question,
    },
  });
  if (status !== 201) throw new Error(`a SubjectAccessReview answered ${status}`);
  return property(property(body, 'status'), 'allowed') === true;
}

const sentence = ({ group, resource, subresource, verb, namespace, name }: Question): string =>
  [
    verb,
    `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`,
    name,
    namespace && `in ${namespace}`,
  ]
    .filter((word) => word !== undefined && word !== '')
    .join(' ');

/** Every verb on every kind that the API server knows: what the account may do, in these namespaces and in the cluster. */
async function permissions(namespaces: readonly string[]): Promise<string[]> {
  const kinds = (await kubectl(['api-resources', '--no-headers', '-o', 'wide'])).trim().split('\n');
  const allowed: string[] = [];
  for (const line of kinds) {
    const [, resource = '', version = '', namespaced] = /^(\S+)\s.*?(\S+)\s+(true|false)\s+\S+\s+\S+/.exec(line) ?? [];
    const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
    for (const namespace of namespaced === 'true' ? namespaces : [undefined]) {
      for (const verb of VERBS) {
        const question = { group, resource, verb, ...(namespace !== undefined && { namespace }) };
        if (await may(question)) allowed.push(sentence(question));
      }
    }
  }
  return allowed.filter((line) => !/^create (selfsubject\w+)\./.test(line)).sort();
}

describe('the service account', () => {
  it('may do what it needs, and nothing else', async () => {
    expect(await permissions(['default', 'kube-system', PROBEWISE, CANARY])).toEqual(
      [
        ...['get', 'list', 'watch'].map((verb) => `${verb} namespaces`),
        ...['get', 'list', 'watch'].map((verb) => `${verb} clusterprobepolicies.probewise.dev`),
        ...['default', 'kube-system', PROBEWISE, CANARY].flatMap((namespace) => [
          `list replicasets.apps in ${namespace}`,
          `list controllerrevisions.apps in ${namespace}`,
        ]),
        `create deployments.apps in ${CANARY}`,
        `create secrets in ${PROBEWISE}`,
      ].sort(),
    );
  });

  it.each<[boolean, Question]>([
    [true, { group: '', resource: 'secrets', verb: 'get', namespace: PROBEWISE, name: 'probewise-tls' }],
    [true, { group: '', resource: 'secrets', verb: 'update', namespace: PROBEWISE, name: 'probewise-tls' }],
    [false, { group: '', resource: 'secrets', verb: 'get', namespace: PROBEWISE, name: 'other' }],
    [false, { group: '', resource: 'secrets', verb: 'delete', namespace: PROBEWISE, name: 'probewise-tls' }],
    [false, { group: '', resource: 'secrets', verb: 'get', namespace: 'default', name: 'probewise-tls' }],
    [
      true,
      {
        group: 'admissionregistration.k8s.io',
        resource: 'validatingwebhookconfigurations',
        verb: 'patch',
        name: 'admission.probewise.dev',
      },
    ],
    [false, { group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations', verb: 'patch', name: 'other' }],
    [
      false,
      {
        group: 'admissionregistration.k8s.io',
        resource: 'validatingwebhookconfigurations',
        verb: 'delete',
        name: 'admission.probewise.dev',
      },
    ],
    [true, { group: 'probewise.dev', resource: 'clusterprobepolicies', subresource: 'status', verb: 'patch', name: 'default' }],
    [false, { group: 'probewise.dev', resource: 'clusterprobepolicies', verb: 'patch', name: 'default' }],
    [true, { group: 'coordination.k8s.io', resource: 'leases', verb: 'update', namespace: PROBEWISE, name: 'probewise' }],
    [
      false,
      { group: 'coordination.k8s.io', resource: 'leases', verb: 'update', namespace: 'kube-system', name: 'kube-scheduler' },
    ],
    [false, { group: 'apps', resource: 'deployments', verb: 'patch', namespace: CANARY, name: 'any' }],
    [false, { group: 'apps', resource: 'deployments', verb: 'patch', namespace: PROBEWISE, name: 'probewise' }],
    [false, { group: '', resource: 'pods', subresource: 'exec', verb: 'create', namespace: PROBEWISE }],
    [
      false,
      { group: '', resource: 'serviceaccounts', subresource: 'token', verb: 'create', namespace: PROBEWISE, name: 'probewise' },
    ],
  ])('%s: may it %j', async (expected, question) => {
    expect(await may(question), sentence(question)).toBe(expected);
  });

  it('is refused for real where it tries', async () => {
    const forbidden = await api.send('GET', '/api/v1/namespaces/kube-system/secrets');
    expect(forbidden.status, 'the tests themselves may').toBe(200);
    const pod = text(list((await kubectl(['-n', PROBEWISE, 'get', 'pods', '-o', 'name'])).split('\n'))[0]) ?? '';
    const script =
      "const {readFileSync}=require('fs');const t=readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/token','utf8');" +
      "process.env.NODE_TLS_REJECT_UNAUTHORIZED='0';" +
      "Promise.all(['/api/v1/secrets','/api/v1/namespaces/kube-system/secrets','/api/v1/pods','/apis/apps/v1/deployments'].map(async p=>" +
      "(await fetch('https://'+process.env.KUBERNETES_SERVICE_HOST+':'+process.env.KUBERNETES_SERVICE_PORT+p,{headers:{authorization:'Bearer '+t}})).status))" +
      '.then(s=>console.log(s.join(" ")))';
    expect(await kubectl(['-n', PROBEWISE, 'exec', pod, '--', '/nodejs/bin/node', '-e', script])).toBe('403 403 403 403\n');
  });
});
