import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const namespace = 'lazy-module';

/** Modules of Node that take 0.3 to 5 ms to load and that most short runs of the program do not use. */
const builtins = ['crypto', 'child_process', 'os', 'perf_hooks', 'tty', 'util', 'vm', 'zlib'] as const;
/** Packages of which the same is true. `status` needs TOML only where no `--state` says which agent is meant. */
const packages = ['toml-eslint-parser'] as const;

/** Replaces each of these modules by an object that loads it at the first access to one of its names. */
export function lazyModules(): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: namespace,
    setup: (build) => {
      const filter = new RegExp(`^(?:(?:node:)?(?:${builtins.join('|')})|${packages.join('|')})$`);
      build.onResolve({ filter }, ({ path, namespace: from }) => (from === namespace ? undefined : { path, namespace }));
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: `const load = () => require(${JSON.stringify(path)});
for (const name of ${JSON.stringify(Object.keys(require(path)))})
  Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });`,
        resolveDir: import.meta.dirname,
      }));
    },
  };
}
