import process from 'node:process';
import { isPacked } from '@sluice/platform';

/**
 * Stops what Node starts because of an environment variable. The executable is built to take no options from the environment. This
 * variable is not an option, and would make Node write a file with the whole program.
 */
export function ignoreNodeVariables(): void {
  if (process.env['NODE_V8_COVERAGE'] !== undefined && isPacked()) process.getBuiltinModule('node:v8').stopCoverage();
}
