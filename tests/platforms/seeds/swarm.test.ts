// timeout: 1200s
import { env } from 'node:process';

// The simulator with many more seeds than every run has.
env['SLUICE_SEEDS'] ??= '2000';
await import('../../sim/swarm.test.ts');
