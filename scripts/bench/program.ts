import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { arch, execPath, platform } from 'node:process';
import { option } from './options.ts';

/** A way to start `sluice`. */
export interface Program {
  readonly what: 'packed' | 'from its sources';
  readonly command: readonly string[];
}

const root = join(import.meta.dirname, '../..');

/**
 * Returns the executable if there is one, or what `--program=PATH` names, and otherwise the sources, which are compiled at every
 * start.
 */
export function programs(): readonly Program[] {
  const named = option('program');
  const packed = named ?? join(root, 'dist', `sluice-${platform}-${arch}`);
  const sources = [execPath, '--disable-warning=ExperimentalWarning', join(root, 'apps/sluice/src/main.ts')];
  const fromSources: Program = { what: 'from its sources', command: sources };
  return existsSync(packed) ? [{ what: 'packed', command: [packed] }, fromSources] : [fromSources];
}
