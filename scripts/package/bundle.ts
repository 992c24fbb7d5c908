import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { blessedPlugin } from '../blessed/plugin.ts';
import { lazyStringWidth } from './lazy-string-width.ts';
import { partsPlugin } from './parts-plugin.ts';

const root = join(import.meta.dirname, '../..');

/** What the executable is made of, and what each is made from. Each is compiled only where it is needed. */
export const parts = {
  program: join(root, 'apps/sluice/src/program.ts'),
  children: join(root, 'packages/agent/src/children/entries.ts'),
} as const;

/** The oldest runtime that it may be put onto. */
const target = 'node22';

/**
 * Bundles the sources into CommonJS files that need nothing but Node's own modules: `main.cjs`, and a file for each part.
 *
 * @param folder emptied
 * @returns what they are made of: paths below the checkout
 */
export async function bundle(folder: string): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = [
    await build({ ...options(join(root, 'apps/sluice/src/main.ts'), join(folder, 'main.cjs')), plugins: [partsPlugin(parts)] }),
    await build({ ...options(parts.program, join(folder, 'program.cjs')), plugins: [blessedPlugin(), lazyStringWidth()] }),
    await build(options(parts.children, join(folder, 'children.cjs'))),
  ];
  return [...new Set(made.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})))].sort();
}

/** Names stay: a stack is all that somebody far away can send. */
function options(entry: string, outfile: string): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
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
