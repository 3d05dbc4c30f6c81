import type { Rule } from '../core/rule.ts';
import { execProbeCost } from './exec-probe-cost.ts';
import { livenessDependency } from './liveness-dependency.ts';
import { livenessEqualsReadiness } from './liveness-equals-readiness.ts';
import { livenessResource } from './liveness-resource.ts';
import { livenessSidePort } from './liveness-side-port.ts';
import { livenessTimeout } from './liveness-timeout.ts';
import { livenessTolerance } from './liveness-tolerance.ts';
import { probeAlwaysPasses } from './probe-always-passes.ts';
import { probePortUndeclared } from './probe-port-undeclared.ts';
import { readinessDelay } from './readiness-delay.ts';
import { readinessMissing } from './readiness-missing.ts';
import { readinessTimeout } from './readiness-timeout.ts';
import { readinessTolerance } from './readiness-tolerance.ts';
import { startupBudget } from './startup-budget.ts';
import { startupDependency } from './startup-dependency.ts';
import { startupExceedsProgressDeadline } from './startup-exceeds-progress-deadline.ts';
import { startupMissing } from './startup-missing.ts';
import { timeoutExceedsPeriod } from './timeout-exceeds-period.ts';

/** All rules, in the order in which findings of the same severity are told. */
export const rules: readonly Rule[] = [
  livenessDependency,
  livenessResource,
  startupDependency,
  probePortUndeclared,
  livenessEqualsReadiness,
  livenessTimeout,
  livenessTolerance,
  startupMissing,
  startupBudget,
  readinessTimeout,
  readinessTolerance,
  startupExceedsProgressDeadline,
  execProbeCost,
  probeAlwaysPasses,
  livenessSidePort,
  readinessDelay,
  timeoutExceedsPeriod,
  readinessMissing,
];
