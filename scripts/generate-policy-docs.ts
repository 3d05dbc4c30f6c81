import { writeFileSync } from 'node:fs';
import { POLICY_PAGE, policyPage } from './policy-docs.ts';

writeFileSync(POLICY_PAGE, policyPage());
