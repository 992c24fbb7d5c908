// One of many who mark a folder at once: says that it is ready, begins at the first message, and reports what it found.
import { flushCompileCache } from 'node:module';
import process from 'node:process';
import { mountedFolder } from '../../src/mounted/folder.ts';
import { writeMarker } from '../../src/mounted/marker.ts';
import { withoutLinks } from './marker-folder.ts';

const [root = '', marker = '', agentId = '', links = ''] = process.argv.slice(2);
const order = { marker, agentId, mount: { path: root, mountId: null }, mayGoOn: () => true };

/** As all children of Sluice do: an ordinary exit may deadlock. */
const end = (): void => void process.kill(process.pid, 'SIGKILL');

process.stdin.once('data', () => {
  const work = writeMarker(order, links === 'refused' ? withoutLinks(root) : mountedFolder(root));
  const reported = work.then(
    (there) => there ?? 'none',
    (error: unknown) => `failed: ${String(error)}`,
  );
  void reported.then((word) => process.stdout.write(`${word}\n`, end));
});
// The process ends by SIGKILL: without this nothing that it compiled would be there for the next one.
flushCompileCache();
process.stdout.write('ready\n');
