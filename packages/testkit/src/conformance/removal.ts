import type { RemovalOrder, RemovalReport } from '@sluice/core/model';
import * as assert from 'uvu/assert';
import type { Alteration } from '../fakes/source-calls.ts';
import { type ClaimOn, claimsOf } from './claim.ts';

/** What happens ahead of calls that alter the source. */
export interface Interruptions {
  /** Runs `work` once, directly before the next call of this kind. */
  before(next: Alteration, work: () => void): void;
  /** Called directly before each call that alters something. */
  calling(kind: Alteration): void;
}

/** Returns interruptions that a remover under test reports its calls to. */
export function createInterruptions(): Interruptions {
  const waiting = new Map<Alteration, () => void>();
  return {
    before: (next, work) => void waiting.set(next, work),
    calling(kind) {
      const work = waiting.get(kind);
      waiting.delete(kind);
      work?.();
    },
  };
}

/** A source with one file, and an order to remove it that a remover carries out. It can be one of the system or a simulated one. */
export interface RemovalUnderTest {
  /** Carries out a step. @param changeNs of the hidden file, as `hide` reported it */
  does(step: RemovalOrder['step'], changeNs?: string): Promise<RemovalReport>;
  readonly before: Interruptions['before'];
  /** Which names there are, and which of them the file of the order has. */
  names(): Names;
  /** Another program puts a new file at the path. */
  replace(): void;
  /** Another program writes to the file that has the path or, if it is hidden, the hidden name. */
  rewrite(): void;
  /** Another program removes the path. */
  vanish(): void;
  /** A late call gives the hidden file its path too. */
  linkBack(): void;
  /** A late call removes the hidden name, which is not the only one of its file. */
  unhide(): void;
  end(): void;
}

/** `ours`: the file of the order. */
export interface Names {
  readonly path: 'ours' | 'another' | 'none';
  readonly hidden: 'ours' | 'another' | 'none';
}

type Claim = ClaimOn<RemovalUnderTest>;

/**
 * Defines uvu tests of the behaviour that every remover must have. The calling file has to call `test.run()` itself.
 * @param open creates a source with one file
 */
export function removalConformance(name: string, open: () => Promise<RemovalUnderTest>): void {
  const claim = claimsOf(name, open);
  hiding(claim);
  removing(claim);
  restoring(claim);
}

const changed = { kind: 'put_off', why: 'changed' } as const;
const missing = { kind: 'put_off', why: 'missing' } as const;
const kept = { kind: 'not_removed', why: 'changed' } as const;
const removed = { kind: 'removed', archivedAs: null, folders: [] } as const;

async function hide(under: RemovalUnderTest): Promise<string> {
  const report = await under.does('hide');
  if (report.kind !== 'hidden') throw new Error(`not hidden: ${JSON.stringify(report)}`);
  return report.changeNs;
}

function has(under: RemovalUnderTest, path: Names['path'], hidden: Names['hidden']): void {
  assert.equal(under.names(), { path, hidden });
}

function failsAsMissing(report: RemovalReport): void {
  assert.equal([report.kind, report.kind === 'failed' ? report.code : null], ['failed', 'ENOENT']);
}

/** Late calls give the hidden file its path back. */
function restoreLate(under: RemovalUnderTest): void {
  under.linkBack();
  under.unhide();
}

function hiding(claim: Claim): void {
  claim('check, hide: the file has its hidden name only', async (under) => {
    assert.equal(await under.does('check'), { kind: 'removable' });
    has(under, 'ours', 'none');
    await hide(under);
    has(under, 'none', 'ours');
  });
  const reasons = [
    ['a file that was written to', (under: RemovalUnderTest) => under.rewrite(), changed, 'ours'],
    ['another file at its path', (under: RemovalUnderTest) => under.replace(), changed, 'another'],
    ['a file that is gone', (under: RemovalUnderTest) => under.vanish(), missing, 'none'],
  ] as const;
  for (const [what, happens, answer, path] of reasons)
    claim(`check, hide: ${what} is put off`, async (under) => {
      happens(under);
      assert.equal(await under.does('check'), answer);
      assert.equal(await under.does('hide'), answer);
      has(under, path, 'none');
    });
  claim('hide: a hidden name that is taken is left alone', async (under) => {
    await hide(under);
    under.replace();
    assert.equal(await under.does('hide'), kept);
    has(under, 'another', 'ours');
  });
  for (const next of ['link', 'rename'] as const) {
    claim(`hide: a file that takes the path just before the ${next} is noticed after the rename`, async (under) => {
      under.before(next, () => under.replace());
      assert.equal(await under.does('hide'), kept);
      has(under, 'none', 'another');
    });
    claim(`hide: a file that vanishes just before the ${next}`, async (under) => {
      under.before(next, () => under.vanish());
      failsAsMissing(await under.does('hide'));
      has(under, 'none', 'none');
    });
  }
}

function removing(claim: Claim): void {
  claim('remove: the file is gone, and is gone when asked again', async (under) => {
    const changeNs = await hide(under);
    assert.equal(await under.does('remove', changeNs), removed);
    has(under, 'none', 'none');
    assert.equal(await under.does('remove', changeNs), removed);
  });
  claim('remove: a new file at its path stays', async (under) => {
    const changeNs = await hide(under);
    under.replace();
    assert.equal(await under.does('remove', changeNs), removed);
    has(under, 'another', 'none');
  });
  claim('remove: a hidden file that was written to stays', async (under) => {
    const changeNs = await hide(under);
    under.rewrite();
    assert.equal(await under.does('remove', changeNs), kept);
    has(under, 'none', 'ours');
  });
  claim('remove: late calls have restored the file just before: it fails, and is not removed', async (under) => {
    const changeNs = await hide(under);
    under.before('unlink', () => restoreLate(under));
    failsAsMissing(await under.does('remove', changeNs));
    has(under, 'ours', 'none');
  });
}

function restoring(claim: Claim): void {
  const restored = { kind: 'restored', wasHidden: true } as const;
  const was = { kind: 'restored', wasHidden: false } as const;
  claim('restore: the file has its path again, and has it when asked again', async (under) => {
    await hide(under);
    assert.equal(await under.does('restore'), restored);
    has(under, 'ours', 'none');
    assert.equal(await under.does('restore'), was);
    has(under, 'ours', 'none');
  });
  claim('restore: a file that was never hidden', async (under) => {
    assert.equal(await under.does('restore'), was);
    has(under, 'ours', 'none');
  });
  claim('restore: what was written to while hidden gets its path too', async (under) => {
    await hide(under);
    under.rewrite();
    assert.equal(await under.does('restore'), restored);
    has(under, 'ours', 'none');
  });
  claim('restore: a new file at its path is never replaced', async (under) => {
    await hide(under);
    under.replace();
    assert.equal(await under.does('restore'), { kind: 'name_taken' });
    has(under, 'another', 'ours');
  });
  claim('restore: a new file that takes the path just before the link is never replaced', async (under) => {
    await hide(under);
    under.before('link', () => under.replace());
    assert.equal(await under.does('restore'), { kind: 'name_taken' });
    has(under, 'another', 'ours');
  });
  claim('restore: killed between the link and the removal of the hidden name, it goes on', async (under) => {
    await hide(under);
    under.linkBack();
    has(under, 'ours', 'ours');
    assert.equal(await under.does('restore'), restored);
    has(under, 'ours', 'none');
  });
  claim('restore: a late call of another process has linked the file just before', async (under) => {
    await hide(under);
    under.before('link', () => under.linkBack());
    assert.equal(await under.does('restore'), restored);
    has(under, 'ours', 'none');
  });
  const lateCalls = [
    ['late calls have restored the file just before the link', 'link', restoreLate],
    ['a late call has removed the hidden name just before the unlink', 'unlink', (under: RemovalUnderTest) => under.unhide()],
  ] as const;
  for (const [what, next, happens] of lateCalls)
    claim(`restore: ${what}: it fails, and succeeds when asked again`, async (under) => {
      await hide(under);
      under.before(next, () => happens(under));
      failsAsMissing(await under.does('restore'));
      has(under, 'ours', 'none');
      assert.equal(await under.does('restore'), was);
    });
  claim('restore: the path is removed before the hidden name is: no file is left', async (under) => {
    await hide(under);
    under.before('unlink', () => under.vanish());
    assert.equal(await under.does('restore'), restored);
    has(under, 'none', 'none');
  });
}
