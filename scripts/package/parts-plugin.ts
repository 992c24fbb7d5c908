import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';

const namespace = 'sluice-part';
const loader = resolve(import.meta.dirname, '../../apps/sluice/src/packed/load-part.ts');

/**
 * Makes imports in the main file that lead to a part load that part, instead of including its code. The build fails if the main
 * file does not import one of the parts.
 * @param parts the file that each part begins with
 */
export function partsPlugin(parts: Readonly<Record<string, string>>): Plugin {
  return {
    name: namespace,
    setup: (build) => {
      const seen = new Set<string>();
      build.onResolve({ filter: /./, namespace: 'file' }, async ({ path, resolveDir, kind, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === namespace) return undefined;
        const found = await build.resolve(path, { resolveDir, kind, pluginData: namespace });
        const name = Object.keys(parts).find((each) => parts[each] === found.path);
        if (name === undefined) return undefined;
        seen.add(name);
        return { path: name, namespace };
      });
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(loader)}).loadPart(${JSON.stringify(path)});`,
        resolveDir: import.meta.dirname,
      }));
      build.onEnd(() => {
        const missing = Object.keys(parts).filter((name) => !seen.has(name));
        return missing.length === 0 ? {} : { errors: [{ text: `the main file does not lead to ${missing.join(', ')}` }] };
      });
    },
  };
}
