import { flushCompileCache } from 'node:module';
import { runCarrier } from '../../src/carrier/carrier.ts';

runCarrier();
// The process ends by SIGKILL: without this nothing that it compiled would be there for the next one.
flushCompileCache();
