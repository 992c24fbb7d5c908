import * as assert from 'uvu/assert';
import type { Content } from '../../fakes/source.ts';

/** An open file of a destination under test: it stays the same one whatever its name comes to. */
export interface FileUnderTest {
  /** Makes this its whole content. @throws ENOSPC where it does not fit; what fits is written */
  write(content: Content): Promise<void>;
  sync(): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
}

/** What stands under a name. */
export interface SeenUnderTest {
  readonly sizeBytes: number;
  /** The same for two names of one file, and for no other file that is there. */
  readonly identity: string;
}

/**
 * What a real folder and a simulated one have in common. What is refused rejects with an error that has an errno name
 * as `code`.
 */
export interface DestinationUnderTest {
  /** Exclusively. @throws EEXIST */
  create(name: string): Promise<FileUnderTest>;
  /** Null where nothing has the name. */
  stat(name: string): Promise<SeenUnderTest | null>;
  /** The bytes that stand there are exactly these. */
  holds(name: string, content: Content): Promise<boolean>;
  /** A second name. @throws EEXIST where `to` is taken */
  link(from: string, to: string): Promise<void>;
  /** Replaces what has `to`. @throws ENOENT */
  rename(from: string, to: string): Promise<void>;
  /** @throws ENOENT */
  unlink(name: string): Promise<void>;
  /** Somebody else puts a file there. */
  putForeign(name: string, content: Content): Promise<void>;
  /** Sorted. */
  names(): Promise<readonly string[]>;
  freeBytes(): Promise<number | null>;
  setReadOnly(isReadOnly: boolean): void;
  end(): Promise<void>;
}

/** What can be had of a destination under test. */
export interface DestinationAbilities {
  /** It has a few megabytes of room that nobody else uses. */
  readonly hasOwnRoom: boolean;
  readonly canBeReadOnly: boolean;
}

/** Makes one test: a fresh, empty destination, cleared up afterwards. */
export type Claim = (what: string, work: (under: DestinationUnderTest) => Promise<void>) => void;

export const small: Content = { sizeBytes: 10_000, stamp: 'small' };
export const other: Content = { sizeBytes: 7_000, stamp: 'other' };

/** Creates, writes, syncs and closes. */
export async function put(under: DestinationUnderTest, name: string, content: Content): Promise<void> {
  const file = await under.create(name);
  await file.write(content);
  await file.sync();
  await file.close();
}

export async function refusedWith(code: string, work: () => Promise<unknown>): Promise<void> {
  let seen = 'done';
  try {
    await work();
  } catch (error) {
    seen = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  assert.is(seen, code);
}

/** Exactly these names, each holding what it should. */
export async function hasOnly(under: DestinationUnderTest, files: Readonly<Record<string, Content>>): Promise<void> {
  assert.equal(await under.names(), Object.keys(files).sort());
  for (const [name, content] of Object.entries(files)) {
    assert.is((await under.stat(name))?.sizeBytes, content.sizeBytes, `size of ${name}`);
    assert.ok(await under.holds(name, content), `${name} holds something else than ${content.stamp}`);
  }
}

export async function areOneFile(under: DestinationUnderTest, one: string, another: string): Promise<boolean> {
  const [a, b] = [await under.stat(one), await under.stat(another)];
  assert.ok(a !== null && b !== null, `${one} and ${another} are both there`);
  return a?.identity === b?.identity;
}
