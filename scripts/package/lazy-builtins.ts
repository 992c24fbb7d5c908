import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const namespace = 'lazy-builtin';

/** Modules of Node that take 1 to 5 ms to load and that most short runs of the program do not use. */
const lazy = ['crypto', 'child_process'] as const;

/** Replaces each of these modules by an object that loads it at the first access to one of its names. */
export function lazyBuiltins(): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: namespace,
    setup: (build) => {
      build.onResolve({ filter: new RegExp(`^(?:node:)?(?:${lazy.join('|')})$`) }, ({ path, namespace: from }) =>
        from === namespace ? undefined : { path: path.replace(/^node:/, ''), namespace },
      );
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: `const load = () => require(${JSON.stringify(`node:${path}`)});
for (const name of ${JSON.stringify(Object.keys(require(`node:${path}`)))})
  Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });`,
        resolveDir: import.meta.dirname,
      }));
    },
  };
}
