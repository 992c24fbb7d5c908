// group: storage
import { test } from 'uvu';
import { claimPlans } from './support/plans.ts';

claimPlans(1_000_000);

test.run();
