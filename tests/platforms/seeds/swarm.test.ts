// timeout: 1200s
import { env } from 'node:process';

// The simulator with many more seeds than in an ordinary run.
env['SLUICE_SEEDS'] ??= '2000';
await import('../../sim/swarm.test.ts');
