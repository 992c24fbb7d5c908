import { flushCompileCache } from 'node:module';
import process from 'node:process';
import { runProber } from '../../src/prober/prober.ts';

// Root may write anywhere: a test of a refusal gives that up.
if (process.env['SLUICE_TEST_AS_NOBODY'] === 'yes') {
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
runProber();
// The process ends by SIGKILL: without this nothing that it compiled would be there for the next one.
flushCompileCache();
