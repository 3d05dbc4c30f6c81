/** One server in a process of its own, for bench/server.ts: `no-op` parses the body and answers, `probewise` is the real one. */
import { createAdmit } from '../src/admission/admit.ts';
import { CONTROLLER_ACCOUNTS } from '../src/admission/controllers.ts';
import { createPolicyLookup } from '../src/config/policy-lookup.ts';
import { BUILT_IN_POLICY } from '../src/core/policy.ts';
import { evaluate } from '../src/engine.ts';
import { createServer } from '../src/http/server.ts';
import { createLogger, logObserver } from '../src/observe/log.ts';
import { createMetrics } from '../src/observe/metrics.ts';
import { observers } from '../src/observe/observer.ts';
import { issueAuthority, issueServing } from '../src/tls/issue.ts';
import { createNoOpServer } from './no-op-server.ts';

const certificate = await issueServing(await issueAuthority(Date.now(), 1), ['localhost'], Date.now(), 1);

function probewise() {
  const lookup = createPolicyLookup([{ ...BUILT_IN_POLICY, name: 'default', patch: 'Auto' }], () => Date.now());
  return createServer({
    admit: createAdmit({ evaluate, kinds: lookup.kinds, policyFor: lookup.policyFor, controllers: CONTROLLER_ACCOUNTS }),
    certificate,
    observer: observers(createMetrics(), logObserver(createLogger('info', process.stdout))),
    notReady: () => undefined,
  });
}

const server = process.argv[2] === 'probewise' ? probewise() : createNoOpServer(certificate);
process.send?.({ port: await server.listen(0, '127.0.0.1') });

// Each message asks for the processor time so far, in microseconds.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ processor: user + system });
});
process.on('disconnect', () => process.exit(0));
