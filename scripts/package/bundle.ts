import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { blessedPlugin } from '../blessed/plugin.ts';
import { lazyModules } from './lazy-modules.ts';
import { lazyStringWidth } from './lazy-string-width.ts';
import { partsPlugin } from './parts-plugin.ts';
import { withSharedInterop } from './shared-interop.ts';

const root = join(import.meta.dirname, '../..');

/** The parts of the executable, and the file that each begins with. Each is compiled only when it is needed. */
export const parts = {
  program: join(root, 'apps/sluice/src/program.ts'),
  status: join(root, 'apps/sluice/src/status-program.ts'),
  children: join(root, 'packages/agent/src/children/entries.ts'),
} as const;

/** The oldest runtime that the executable may be put on. */
const target = 'node22';

/**
 * Bundles the sources into CommonJS files that need only Node's own modules: `main.cjs`, and a file for each part.
 * @param folder emptied first
 * @param others plugins that change the sources, such as a test that needs another version; they run after the built-in ones
 * @returns the inputs, as paths below the checkout
 */
export async function bundle(folder: string, others: readonly Plugin[] = []): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = [
    await build(options(join(root, 'apps/sluice/src/main.ts'), join(folder, 'main.cjs'), [partsPlugin(parts), ...others])),
    await build(options(parts.program, join(folder, 'program.cjs'), [blessedPlugin(), lazyStringWidth(), ...others])),
    await build(options(parts.status, join(folder, 'status.cjs'), others)),
    await build(options(parts.children, join(folder, 'children.cjs'), others)),
  ];
  for (const name of ['main', ...Object.keys(parts)]) {
    const file = join(folder, `${name}.cjs`);
    writeFileSync(file, withSharedInterop(readFileSync(file, 'utf8')));
  }
  return [...new Set(made.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})))].sort();
}

/** Names are kept, because a stack is all that a user far away can send. */
function options(entry: string, outfile: string, plugins: readonly Plugin[]): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    plugins: [...plugins, lazyModules()],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target,
    charset: 'utf8',
    sourcemap: false,
    metafile: true,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'inline',
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'error' },
  };
}
