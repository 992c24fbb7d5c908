import { nameOrder, type RouteSettings, type SourceEntry, type SourceStateName } from '@sluice/core/model';
import { limits } from './limits.ts';
import type { IntakeChannel, IntakeMessage } from './messages.ts';
import { type Disk, folderText, type ListedFolder, mountOfSource, type SourceMount, unknownDisk } from './mount.ts';
import { createReportedState } from './source-state.ts';

/** Sends the messages of the intake process to the agent. A state is sent only if it differs from the last one. */
export class Reports {
  readonly #route: RouteSettings;
  readonly #channel: Pick<IntakeChannel, 'send'>;
  readonly #onSent: () => void;
  readonly #states = createReportedState();
  /** A part of every state. */
  #mount: SourceMount;
  /** The folder that is the known source (`folderText`). Null: not listed yet. */
  #folder: string | null = null;
  #sending = 0;

  /** @param onSent called each time a message was handed over, or could not be */
  constructor(route: RouteSettings, channel: Pick<IntakeChannel, 'send'>, onSent: () => void) {
    this.#route = route;
    this.#channel = channel;
    this.#onSent = onSent;
    this.#mount = mountOfSource(route.source);
  }

  /** Returns whether a message is waiting because the agent does not read. That is not silence of the source. */
  isSending(): boolean {
    return this.#sending > 0;
  }

  isOnNetwork(): boolean {
    return this.#mount.isNetwork;
  }

  isOnOwnDisk(): boolean {
    return this.#mount.isOwnDisk;
  }

  hasRealInodes(): boolean {
    return this.#mount.hasRealInodes;
  }

  /** Reads again which filesystem the source is on. @param path of the source, with its links resolved as far as that is known */
  readMount(path: string): void {
    this.#mount = mountOfSource(path);
  }

  /** Sets the folder that was listed as the source. It is a part of every state in which the source can be read. */
  isListed(root: ListedFolder): void {
    this.#folder = folderText(root);
  }

  async send(message: IntakeMessage): Promise<void> {
    this.#sending += 1;
    await this.#channel.send(message).finally(() => {
      this.#sending -= 1;
      this.#onSent();
    });
  }

  async state(state: SourceStateName, code: string | null, disk: Disk, unreadPath: string | null = null): Promise<void> {
    const { cacheMs, description } = this.#mount;
    const isRead = state === 'ok' || unreadPath !== null;
    const folder = isRead && this.#folder !== null ? { folder: this.#folder } : {};
    const facts = { state, code, unreadPath, ...disk, cacheMs, description, ...folder };
    if (this.#states.isNews(facts)) await this.send({ kind: 'source_state', route: this.#route.name, ...facts });
  }

  /** Reports how many files were found, if the changes take more than one message. */
  async listed(files: number, changes: number): Promise<void> {
    if (changes > limits.batchEntries) await this.send({ kind: 'source_listed', route: this.#route.name, files });
  }

  /** Reports entries sorted by path: files that are found together are copied in the order in which a person lists them. */
  async entries(news: readonly SourceEntry[]): Promise<void> {
    const sorted = byPath(news);
    for (let at = 0; at < sorted.length; at += limits.batchEntries) {
      await this.send({ kind: 'entries_seen', route: this.#route.name, entries: sorted.slice(at, at + limits.batchEntries) });
    }
  }

  /** Returns whether the last state that was sent is `silent`. */
  isSilent(): boolean {
    return this.#states.last()?.state === 'silent';
  }

  /** Reports that the source does not answer. Does not wait. */
  silence(): void {
    this.state('silent', 'SILENT', unknownDisk).catch(() => undefined);
  }

  /**
   * Reports that a watch noticed changes at these paths. Does not wait, and does not count as sending, because a watch runs next
   * to a command.
   */
  noticed(paths: readonly string[]): void {
    this.#channel.send({ kind: 'paths_noticed', route: this.#route.name, paths }).catch(() => undefined);
  }

  /** Reports that the system has no watches left, at once if the source is known to be readable, else with the next scan. */
  watchExhausted(code: string): void {
    const last = this.#states.last();
    if (last?.state !== 'ok') return;
    const { freeBytes, totalBytes = null } = last;
    this.state('ok', code, { freeBytes, totalBytes }).catch(() => undefined);
  }
}

/**
 * Sorts entries by path like the screen: without regard to case, and numbers by their value. Too many entries stay in the order of their folders, because a
 * sort cannot be interrupted and would hold up the process.
 */
function byPath(entries: readonly SourceEntry[]): readonly SourceEntry[] {
  if (entries.length < 2 || entries.length > limits.sortedEntries) return entries;
  const keyed = entries.map((entry) => ({ entry, key: nameOrder(entry.path) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ entry }) => entry);
}
