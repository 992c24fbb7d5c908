import type { Event } from '@sluice/core';
import { removalId } from '@sluice/core/fixtures';
import { fileId, type RemovalOrder, type RemovalReport, routeName } from '@sluice/core/model';
import { test } from 'uvu';
import { createInterruptions, type Names, type RemovalUnderTest, removalConformance } from '../../src/conformance/removal.ts';
import { createFakeRemover } from '../../src/fakes/remover.ts';
import { createFakeSource, type FakeSource } from '../../src/fakes/source.ts';
import type { Alteration, RemovableSource } from '../../src/fakes/source-calls.ts';
import { createSimClock } from '../../src/sim-clock.ts';

const path = 'day1/a.mxf';
const hiddenAs = 'day1/.a.mxf.0f3c51d2.sluice-done';
const route = routeName('ingest');
const id = fileId('0f3c51d2-0000-4000-8000-000000000000');

const alterations: Readonly<Record<string, Alteration>> = {
  putAside: 'rename',
  linkAside: 'link',
  linkBack: 'link',
  endLink: 'unlink',
  discard: 'unlink',
};

/** Returns a source that calls `calling` ahead of every call that alters something. */
function interposed(source: FakeSource, calling: (kind: Alteration) => void): RemovableSource {
  return new Proxy(source, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const kind = alterations[String(name)];
      return (...given: unknown[]): unknown => {
        if (kind !== undefined) calling(kind);
        return Reflect.apply(member, target, given);
      };
    },
  });
}

function simulated(): RemovalUnderTest {
  const clock = createSimClock();
  const source = createFakeSource(() => clock.monotonic());
  const { before, calling } = createInterruptions();
  let answer: RemovalReport | null = null;
  const offer = (event: Event): void => {
    if (event.kind === 'removal_reported') answer = event.report;
  };
  const remover = createFakeRemover({ clock, route, source: interposed(source, calling), offer, silentAfterMs: 5_000 });
  source.put(path, 1_000);
  const made = source.present(path);
  if (made === null) throw new Error('there is no file');
  const order: RemovalOrder = {
    route,
    fileId: id,
    removalId: removalId('00000001-0000-4000-8000-000000000000'),
    step: 'hide',
    source: path,
    hiddenAs,
    expected: made.fingerprint,
    identity: { device: '1', inode: made.inode },
    changedMs: null,
    changeNs: null,
    hash: null,
    to: { kind: 'delete' },
    removeEmptyDirs: false,
    readers: [],
  };
  const nameOf = (file: { readonly inode: string } | null): Names['path'] => {
    if (file === null) return 'none';
    return file.inode === made.inode ? 'ours' : 'another';
  };
  return {
    async does(step, changeNs) {
      answer = null;
      remover.perform({ kind: 'remove_source', order: { ...order, step, changeNs: changeNs ?? null } });
      clock.runWhile(() => answer !== null, clock.monotonic() + 1_000);
      if (answer === null) throw new Error(`no answer to ${step}`);
      return answer;
    },
    before,
    names: () => ({ path: nameOf(source.present(path)), hidden: nameOf(source.aside(hiddenAs)) }),
    replace: () => source.put(path, 2_000),
    rewrite: () => (source.present(path) === null ? source.rewriteAside(hiddenAs, 3_000) : source.rewrite(path, 3_000)),
    vanish: () => source.remove(path),
    linkBack: () => source.linkBack(hiddenAs, path),
    unhide: () => source.endLink(hiddenAs),
    end: () => undefined,
  };
}

removalConformance('simulated', async () => simulated());

test.run();
