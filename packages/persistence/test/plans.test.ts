import { test } from 'uvu';
import { claimPlans } from './support/plans.ts';

claimPlans(10_000);

test.run();
