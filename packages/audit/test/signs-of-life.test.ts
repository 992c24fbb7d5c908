import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeSettings } from '@sluice/core/fixtures';
import { routeName } from '@sluice/core/model';
import { JournalUnusable } from '@sluice/persistence';
import { temporaryFolder } from '@sluice/testkit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { audit } from '../src/audit-process.ts';
import { limits } from '../src/limits.ts';
import type { AuditInit, AuditMessage } from '../src/process/messages.ts';
import { Reporter } from '../src/process/reporter.ts';
import { auditSource } from '../src/safe/audit-source.ts';

const test = suite<{ root: string }>('an audit shows that it works');

test.before.each((context) => {
  context.root = temporaryFolder('audit-signs');
});
test.after.each(({ root }) => rmSync(root, { recursive: true, force: true }));

const files = 40;

function initIn(root: string): AuditInit & { readonly task: { readonly kind: 'safe'; readonly reads: boolean } } {
  const source = join(root, 'in');
  mkdirSync(source);
  for (let index = 0; index < files; index += 1) writeFileSync(join(source, `${index}.mxf`), '');
  const route = routeSettings({ name: routeName('a'), source, destination: join(root, 'not-there') });
  const known = { marker: null, plainFolderMeant: false, ownMarkers: [], addonPath: null, folder: null };
  return { task: { kind: 'safe', reads: false }, route, journalPath: join(root, 'journal.db'), ...known };
}

/** @param stepMs how much later it is at each look at the clock */
function reporterInto(sent: AuditMessage[], stepMs: number): Reporter {
  let now = 0;
  return new Reporter(
    async (message) => void sent.push(message),
    () => (now += stepMs),
  );
}

/** Returns the messages before the files are counted: during the listing. */
async function duringListing(root: string, stepMs: number): Promise<readonly AuditMessage[]> {
  const sent: AuditMessage[] = [];
  await auditSource(initIn(root), { lineage: () => [], timeline: () => [] }, reporterInto(sent, stepMs), () => true);
  const counted = sent.findIndex(({ kind }) => kind === 'counted');
  assert.ok(counted >= 0);
  return sent.slice(0, counted);
}

test('a slow listing: each call to the source is a sign of life', async ({ root }) => {
  const sent = await duringListing(root, limits.progressEveryMs);
  assert.ok(sent.length >= files, `${sent.length}`);
  for (const message of sent) assert.equal(message, { kind: 'progress', files: 0, bytes: 0 });
});

test('a fast listing: their rate is bounded', async ({ root }) => {
  assert.is((await duringListing(root, limits.progressEveryMs / 1_000)).length, 1);
});

test('the opening of the journal: a sign of life comes before it', async ({ root }) => {
  const sent: AuditMessage[] = [];
  const work = audit(initIn(root), reporterInto(sent, 0), () => true);
  await work.then(
    () => assert.unreachable('there is no journal'),
    (error: unknown) => assert.instance(error, JournalUnusable),
  );
  assert.equal(sent, [{ kind: 'progress', files: 0, bytes: 0 }]);
});

test.run();
