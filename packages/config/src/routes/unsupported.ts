import type { Problem } from '../problems/problem.ts';
import type { Config } from './config.ts';
import { settingProblem } from './folders.ts';
import { scheme } from './routes.ts';

/** Returns a problem for every setting that is valid but not implemented in this version. None: the agent may run. */
export function unsupportedSettings(config: Config): Problem[] {
  return config.routes.flatMap((route) => {
    const problems: Problem[] = [];
    if (scheme(route.destination) === 'sftp') {
      problems.push(
        settingProblem(
          config,
          route.name,
          'destination',
          `this version does not support "${route.destination}" yet: use a folder, such as a mounted share`,
        ),
      );
    }
    return problems;
  });
}
