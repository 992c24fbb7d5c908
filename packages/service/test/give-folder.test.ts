// group: storage
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, linkSync, mkdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { foreignAmong } from '@sluice/lock';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { giveStateFolder } from '../src/account.ts';
import { giveFolder } from '../src/give-folder.ts';

const service = { name: 'service', userId: 61_999, groupId: 61_999 };
const earlier = 61_234;
const isRoot = process.platform === 'linux' && process.geteuid?.() === 0;
const ownerOf = (path: string): number => statSync(path).uid;

/** A state folder of an unprivileged user, and a folder of root that an attack aims at. */
function bed(): { readonly state: string; readonly native: string; readonly victim: string } {
  const folder = temporaryFolder('give');
  const [state, victim] = [join(folder, 'state'), join(folder, 'etc')];
  const native = join(state, 'native');
  mkdirSync(native, { recursive: true });
  mkdirSync(victim);
  writeFileSync(join(victim, 'shadow'), 'secret', { mode: 0o600 });
  for (const name of ['journal.db', 'native/addon.node']) writeFileSync(join(state, name), '');
  for (const path of [state, native, join(state, 'journal.db'), join(native, 'addon.node')]) chownSync(path, earlier, earlier);
  return { state, native, victim };
}

function message(work: () => void): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

test('giveStateFolder: gives everything in the folder, and makes it private', () => {
  if (!isRoot) return void process.stdout.write('\nskipped: giving folders: only root may\n');
  const { state, native } = bed();
  giveStateFolder(state, service);
  assert.equal([state, native, join(state, 'journal.db'), join(native, 'addon.node')].map(ownerOf), [61_999, 61_999, 61_999, 61_999]);
  assert.is(statSync(state).mode & 0o777, 0o700);
});

test('giveStateFolder: refuses a link, a file with several names and a FIFO, and then changes nothing', () => {
  if (!isRoot) return void process.stdout.write('\nskipped: giving folders: only root may\n');
  const set: readonly ((at: { readonly state: string; readonly native: string; readonly victim: string }) => void)[] = [
    ({ native, victim }) => {
      renameSync(native, `${native}.away`);
      renameSync(`${native}.away`, join(victim, 'away'));
      symlinkSync(victim, native);
    },
    ({ state, victim }) => linkSync(join(victim, 'shadow'), join(state, 'journal.db-wal')),
    ({ native, victim }) => symlinkSync(join(victim, 'shadow'), join(native, 'x.node')),
    ({ state }) => void execFileSync('mkfifo', [join(state, 'agent.lock')]),
    ({ state }) => writeFileSync(join(state, 'thesis.txt'), ''),
  ];
  for (const trap of set) {
    const at = bed();
    trap(at);
    assert.match(
      message(() => giveStateFolder(at.state, service)),
      /cannot give .* to service: .*(?:neither a file nor a socket|has 2 names|was not created by Sluice)/u,
    );
    assert.equal([at.victim, join(at.victim, 'shadow')].map(ownerOf), [0, 0]);
    assert.equal([at.state, join(at.state, 'journal.db')].map(ownerOf), [earlier, earlier]);
  }
});

test('giveFolder: does not follow a folder that is replaced by a link meanwhile', () => {
  if (!isRoot) return void process.stdout.write('\nskipped: giving folders: only root may\n');
  const { state, native, victim } = bed();
  const exchange = (): void => {
    if (existsSync(`${native}.away`)) return;
    renameSync(native, `${native}.away`);
    symlinkSync(victim, native);
  };
  // The moment between the listing of names and the first stat of an entry.
  const error = message(() =>
    giveFolder(state, service, (names) => {
      exchange();
      return foreignAmong(names);
    }),
  );
  assert.match(error, /native is neither a file nor a socket/u);
  assert.equal([victim, join(victim, 'shadow')].map(ownerOf), [0, 0]);
});

test.run();
