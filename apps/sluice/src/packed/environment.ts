import process from 'node:process';
import { isPacked } from '@sluice/platform';

/**
 * Ends what Node begins because of a variable of the environment. The executable is built to take no options from there; this one is
 * not an option, and would leave a file of the whole program wherever it says.
 */
export function ignoreNodeVariables(): void {
  if (process.env['NODE_V8_COVERAGE'] !== undefined && isPacked()) process.getBuiltinModule('node:v8').stopCoverage();
}
