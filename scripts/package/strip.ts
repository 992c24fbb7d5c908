import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { runProcess } from '../run-process.ts';
import { closeHoles } from './close-holes.ts';
import { type Target, thisMachine } from './targets.ts';

const timeoutMs = 120_000;
/** Of Linux on it: what a program has to be laid out for. */
const largestPageBytes = { x64: 4_096, arm64: 65_536 } as const;

/**
 * Copies a Linux binary without the names of what is inside it, and without its holes: a seventh less. Before anything is put
 * in, or it would be lost. Others are copied as they are.
 *
 * @returns what it was done with; null where it was not, and why not has been said
 */
export async function stripped(of: Target, from: string, to: string, say: (line: string) => void): Promise<string | null> {
  if (of.platform !== 'linux') {
    cpSync(from, to);
    return null;
  }
  const tools = of.name === thisMachine() ? ['strip', 'llvm-strip'] : [`${gnuName(of.arch)}-linux-gnu-strip`, 'llvm-strip'];
  for (const tool of tools) {
    const { code } = await runProcess(tool, ['--strip-unneeded', '-o', to, from], { timeoutMs });
    if (code !== 0) continue;
    writeFileSync(to, closeHoles(readFileSync(to), largestPageBytes[of.arch]));
    return tool;
  }
  say(`not stripped, so it is a seventh larger: none of ${tools.join(', ')} is on this machine`);
  cpSync(from, to);
  return null;
}

function gnuName(arch: Target['arch']): string {
  return arch === 'arm64' ? 'aarch64' : 'x86_64';
}
