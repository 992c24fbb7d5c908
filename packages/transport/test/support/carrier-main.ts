import { runCarrier } from '../../src/carrier-process.ts';

runCarrier();
