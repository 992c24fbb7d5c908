// real: it asks the system which files are open
import { linkSync, mkdirSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '@sluice/platform';
import {
  type Alteration,
  createInterruptions,
  type Names,
  type RemovalUnderTest,
  removalConformance,
  temporaryFolder,
} from '@sluice/testkit';
import { test } from 'uvu';
import { createCalls, realClock } from '../../src/calls.ts';
import { removalDependencies } from '../../src/removing/remover.ts';
import { type RemovalDependencies, removalStep } from '../../src/removing/steps.ts';
import { storageWith } from '../support/faults.ts';
import { hiddenAs, orderOf } from './support/bed.ts';

/** Calls `calling` ahead of every call that renames, links or unlinks. */
function interposed(plain: RemovalDependencies, calling: (kind: Alteration) => void): RemovalDependencies {
  const { source, inSource } = plain;
  const watched = storageWith(source, {
    rename: async (from, to) => {
      calling('rename');
      await source.rename(from, to);
    },
    unlink: async (path, hasOtherName) => {
      calling('unlink');
      await source.unlink(path, hasOtherName);
    },
  });
  const link = async (from: string, to: string): Promise<void> => {
    calling('link');
    await inSource.between.link(from, to);
  };
  return { ...plain, source: watched, inSource: { from: watched, to: watched, between: { ...inSource.between, link } } };
}

async function real(): Promise<RemovalUnderTest> {
  const root = temporaryFolder('removal');
  const [path, hidden] = [join(root, 'day1/a.mxf'), join(root, hiddenAs)];
  mkdirSync(join(root, 'day1'));
  writeFileSync(path, 'what was recorded');
  const order = await orderOf(path);
  const inode = statSync(path).ino;
  const { before, calling } = createInterruptions();
  const dependencies = interposed(
    removalDependencies(root, createCalls(realClock), () => true),
    calling,
  );
  const nameOf = (file: string): Names['path'] => {
    const facts = statSync(file, { throwIfNoEntry: false });
    if (facts === undefined) return 'none';
    return facts.ino === inode ? 'ours' : 'another';
  };
  return {
    async does(step, changeNs) {
      try {
        return await removalStep(dependencies, { ...order, step, changeNs: changeNs ?? null }, []);
      } catch (error) {
        return { kind: 'failed', code: errnoOf(error), operation: step };
      }
    },
    before,
    names: () => ({ path: nameOf(path), hidden: nameOf(hidden) }),
    replace() {
      writeFileSync(`${path}2`, 'the next recording');
      renameSync(`${path}2`, path);
    },
    rewrite: () => writeFileSync(nameOf(path) === 'none' ? hidden : path, 'something else'),
    vanish: () => unlinkSync(path),
    linkBack: () => linkSync(hidden, path),
    unhide: () => unlinkSync(hidden),
    end: () => rmSync(root, { recursive: true }),
  };
}

removalConformance('real', real);

test.run();
