// Makes docs/screen.svg from a run of the real tour on its own terminal: npm run picture
import { writeFileSync } from 'node:fs';
import { execPath, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { Pty } from '../../packages/tui/test/blessed/pty.ts';
import { cellsOf } from './cells.ts';
import { svgOf } from './svg.ts';

const house = fileURLToPath(new URL('../../', import.meta.url));
const target = `${house}docs/screen.svg`;
const size = { columns: 100, rows: 26 };
const withinMs = 90_000;

/**
 * What the picture has to show: an outage with two pairs of a failed copy and its recovery, a recording that continues and waits,
 * and a completed file.
 */
const wanted = [
  /TOUR 3\/6/,
  /ingest OFFLINE 00:00:0[4-9]/,
  /cam-a\.mov +x FAILED.*\n.*`-cam-a_1\.mov +~ READY/,
  /cam-c\.mxf +x FAILED.*\n.*`-cam-c_1\.mxf +~ READY/,
  /cam-d\.mxf +~ /,
  /cam-b\.wav += DONE/,
];

// The screen shows the name of the folder, so a short one is used that says nothing about the person who makes the picture.
const pty = new Pty(
  [execPath, '--disable-warning=ExperimentalWarning', `${house}apps/sluice/src/main.ts`, 'demo'],
  { TMPDIR: '/tmp', TZ: 'UTC' },
  size.columns,
  size.rows,
);
try {
  await pty.until(() => wanted.every((pattern) => pattern.test(pty.text())), 'the outage', withinMs);
  pty.child.write('gj');
  await pty.until(() => /^> `-cam-/m.test(pty.text()), 'the selection');
  writeFileSync(target, svgOf(cellsOf(pty.emulator)));
  stdout.write(`${target}\n`);
  pty.child.kill('SIGTERM');
  await pty.ended;
} finally {
  pty.end();
}
