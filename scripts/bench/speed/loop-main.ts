// A thread of the bare loop: the calls that a durable copy needs, and nothing else.
import { closeSync, fdatasyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workerData } from 'node:worker_threads';

const { source, destination, names } = workerData as {
  readonly source: string;
  readonly destination: string;
  readonly names: readonly string[];
};

const folders = new Set<string>();
for (const name of names) {
  const to = join(destination, name);
  const part = `${to}.part`;
  const file = openSync(part, 'wx');
  writeSync(file, readFileSync(join(source, name)));
  fdatasyncSync(file);
  closeSync(file);
  linkSync(part, to);
  unlinkSync(part);
  folders.add(dirname(to));
}
for (const folder of folders) {
  const opened = openSync(folder, 'r');
  fdatasyncSync(opened);
  closeSync(opened);
}
