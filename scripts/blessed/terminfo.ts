// Makes terminfo-data.ts from blessed's own terminal descriptions: `node scripts/blessed/terminfo.ts` writes it, `--check`
// compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { argv, exit, stderr } from 'node:process';

const names = ['xterm-256color', 'linux'] as const;
const target = join(import.meta.dirname, '../../packages/tui/src/blessed/library/terminfo-data.ts');
const lineWidth = 120;

const text = moduleText();
if (!argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  stderr.write('terminfo-data.ts is not what blessed holds: run node scripts/blessed/terminfo.ts\n');
  exit(1);
}

function moduleText(): string {
  const folder = join(
    dirname(createRequire(join(import.meta.dirname, '../../apps/sluice/package.json')).resolve('blessed/package.json')),
    'usr',
  );
  const entries = names.map((name) => {
    const data = readFileSync(join(folder, name)).toString('base64');
    const lines = data.match(new RegExp(`.{1,${lineWidth}}`, 'g')) ?? [];
    return `  ${/^\w+$/.test(name) ? name : `'${name}'`}: [\n${lines.map((line) => `    '${line}',\n`).join('')}  ],\n`;
  });
  return [
    '// Made by scripts/blessed/terminfo.ts from the compiled descriptions in blessed/usr; not edited.\n\n',
    '/** Compiled terminfo, in base64. */\n',
    `export const terminfoData = {\n${entries.join('')}} as const;\n`,
  ].join('');
}
