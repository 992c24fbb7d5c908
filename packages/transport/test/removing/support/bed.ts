// real: it asks the system which files are open
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removalId } from '@sluice/core/fixtures';
import { fileId, type RemovalOrder, type RemovalReport, routeName } from '@sluice/core/model';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import { createCalls, realClock } from '../../../src/calls.ts';
import type { OtherSource } from '../../../src/removing/folders.ts';
import { removalDependencies } from '../../../src/removing/remover.ts';
import { type RemovalDependencies, removalStep } from '../../../src/removing/steps.ts';

/** A source with the file `day1/a.mxf`, and an order to remove it. */
export interface Bed {
  readonly source: string;
  readonly archive: string;
  readonly dependencies: RemovalDependencies;
  readonly order: RemovalOrder;
  readonly path: string;
  readonly hidden: string;
  does(step: RemovalOrder['step'], over?: Partial<RemovalOrder>, others?: readonly OtherSource[]): Promise<RemovalReport>;
  /** Hides the file. @returns the order to go on with */
  hides(): Promise<Partial<RemovalOrder>>;
  names(): Promise<readonly string[]>;
}

export const bytes = 'what was recorded';
export const hiddenAs = 'day1/.a.mxf.0f3c51d2.sluice-done';

/** @param over replaces parts of what the steps work with */
export function claim(
  name: string,
  work: (bed: Bed) => Promise<void>,
  over: (bed: RemovalDependencies) => Partial<RemovalDependencies> = () => ({}),
): void {
  test(name, async () => {
    const root = temporaryFolder('removing');
    const [source, archive] = [join(root, 'in'), join(root, 'old')];
    const path = join(source, 'day1/a.mxf');
    await mkdir(join(source, 'day1'), { recursive: true });
    await writeFile(path, bytes);
    const plain = removalDependencies(source, createCalls(realClock), () => true);
    const dependencies = { ...plain, ...over(plain) };
    const order = await orderOf(path);
    const does: Bed['does'] = (step, more = {}, others = []) => removalStep(dependencies, { ...order, ...more, step }, others);
    const hides = async (): Promise<Partial<RemovalOrder>> => {
      const report = await does('hide');
      if (report.kind !== 'hidden') throw new Error(`not hidden: ${JSON.stringify(report)}`);
      return { changeNs: report.changeNs };
    };
    const names = async (): Promise<readonly string[]> => (await readdir(source, { recursive: true })).sort();
    await work({ source, archive, dependencies, order, path, hidden: join(source, hiddenAs), does, hides, names });
  });
}

export async function orderOf(path: string): Promise<RemovalOrder> {
  const { size, mtimeNs, ctimeMs, dev, ino } = await stat(path, { bigint: true });
  return {
    route: routeName('ingest'),
    fileId: fileId('0f3c51d2-0000-4000-8000-000000000000'),
    removalId: removalId('00000001-0000-4000-8000-000000000000'),
    step: 'hide',
    source: 'day1/a.mxf',
    hiddenAs,
    expected: { sizeBytes: Number(size), mtimeNs: String(mtimeNs) },
    identity: { device: String(dev), inode: String(ino) },
    changedMs: Number(ctimeMs),
    changeNs: null,
    hash: null,
    to: { kind: 'delete' },
    removeEmptyDirs: false,
  };
}

export function fails(code: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(code), { code }));
}

export async function codeOf(work: Promise<RemovalReport>): Promise<string> {
  try {
    return (await work).kind;
  } catch (error) {
    return (error as { code: string }).code;
  }
}
