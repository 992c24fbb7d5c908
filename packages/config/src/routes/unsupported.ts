import type { Problem } from '../problems/problem.ts';
import type { Config } from './config.ts';
import { settingProblem } from './folders.ts';
import { scheme } from './routes.ts';

/** @returns a problem for every setting that is valid and not built yet in this version; none: the agent may run */
export function unsupportedSettings(config: Config): Problem[] {
  return config.routes.flatMap((route) => {
    const problems: Problem[] = [];
    if (route.afterCopy !== 'keep') {
      problems.push(
        settingProblem(config, route.name, 'after_copy', `"${route.afterCopy}" is not built yet in this version: only "keep" is`),
      );
    }
    if (scheme(route.destination) === 'sftp') {
      problems.push(
        settingProblem(
          config,
          route.name,
          'destination',
          `"${route.destination}" is not built yet in this version: give a folder, such as a mounted share`,
        ),
      );
    }
    return problems;
  });
}
