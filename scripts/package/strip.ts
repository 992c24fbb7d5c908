import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { runProcess } from '../run-process.ts';
import { closeHoles } from './close-holes.ts';
import { type Target, thisMachine } from './targets.ts';

const timeoutMs = 120_000;
/** The largest memory page of Linux on each architecture, for which a program has to be laid out. */
const largestPageBytes = { x64: 4_096, arm64: 65_536 } as const;

/**
 * Copies a Linux binary without its symbols and holes, which saves a seventh. This is done before anything is put into it, because
 * that would be lost. Other binaries are copied unchanged.
 * @returns the tool that was used; null if the binary was copied unchanged, which has been reported
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
