import { rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Asker } from '@sluice/control';
import { type CoreState, type Event, restoreState, step } from '@sluice/core';
import { routeSettings } from '@sluice/core/fixtures';
import { type FileId, routeName, type SourceEntry, type TrackedFile } from '@sluice/core/model';
import { openJournal, readerOf } from '@sluice/persistence';
import { temporaryFolder } from '@sluice/testkit';
import { answerQuestion } from '../../src/reader/reader.ts';
import type { Acting } from '../../src/serve/actions.ts';
import type { Serving } from '../../src/serve/handlers.ts';
import { settingsFor } from '../first-start.ts';

export const a = routeName('a');
export const b = routeName('b');

/** The agent's own user. */
export const asker: Asker = { isOwner: true, pause: () => setImmediate() };

/** A real core and a real journal, in step. Offered events wait until the test takes them. */
export interface Desk {
  readonly state: CoreState;
  readonly acting: Acting & { readonly asker: Asker };
  readonly serving: Serving;
  /** Offered events that were not taken yet. */
  readonly offered: Event[];
  /** How the agent was asked to stop. */
  readonly stops: (readonly [mode: string, by: string, reason: string | null])[];
  send(...events: readonly Event[]): void;
  /** Takes the offered events. */
  settle(): void;
  /** Sees files that settle: they are READY, and the destination is offline. */
  rest(...names: readonly string[]): void;
  newest(source: string, route?: typeof a): TrackedFile;
  idOf(source: string): FileId;
  close(): void;
}

const epoch = 1_700_000_000_000;

export function makeDesk(): Desk {
  const folder = temporaryFolder('desk');
  const routes = [a, b].map((name) =>
    routeSettings({ name, source: path.join(folder, `in-${name}`), destination: path.join(folder, `out-${name}`) }),
  );
  const journal = openJournal({ path: path.join(folder, 'journal.db'), now: () => epoch });
  journal.database.pragma('synchronous = OFF');
  const state = restoreState({ settings: settingsFor(routes), image: journal.load(), untilIdle: false, at: 0, wall: epoch });
  const offered: Event[] = [];
  const stops: (readonly [string, string, string | null])[] = [];
  let at = 0;
  let seq = 1;
  let made = 0;
  const ids = { fresh: () => `${(++made).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000` };
  const send = (...events: readonly Event[]): void => {
    const records = events.flatMap((event) => {
      const done = step(state, { seq, at, wall: epoch + at, ids, event });
      seq += done.records.length;
      return done.records;
    });
    journal.append(records);
  };
  const newest = (source: string, route = a): TrackedFile => {
    const id = state.routes.get(route)?.newest.get(source);
    const file = id === undefined ? undefined : state.files.get(id);
    if (file === undefined) throw new Error(`no tracked file for ${source}`);
    return file;
  };
  const list = (): void => {
    for (const [route, { scanning }] of state.routes) {
      scanning.listing = null;
      scanning.nextListingAt = at;
      send({ kind: 'tick' });
      const listingId = state.routes.get(route)?.scanning.listing?.id;
      if (listingId !== undefined) {
        send({
          kind: 'listing_completed',
          route,
          listingId,
          vanished: [],
          entryCount: 1,
          youngEmptyCount: 0,
          isQuick: false,
          processorMs: 0,
          selection: { leftAlone: [], unmatched: [] },
        });
      }
    }
  };
  const reader = readerOf(journal.database);
  const offer = (event: Event): void => void offered.push(event);
  const search: Acting['search'] = (question) => Promise.resolve(answerQuestion(reader, question).ids);
  const filter: Acting['filter'] = (question) => Promise.resolve(answerQuestion(reader, question));
  send({ kind: 'agent_started' });
  return {
    state,
    acting: { state, reader, offer, search, filter, searchTime: () => at, asker },
    serving: {
      state,
      reader,
      self: { pid: 1, version: '0', startedAt: '', stateDir: folder },
      wall: () => epoch + at,
      isStalled: () => false,
      conditions: () => [],
      refusedReload: () => null,
      metrics: () => '',
      settings: () => [{ table: '[agent]', key: 'lanes', value: '4', from: 'default' }],
      search,
      filter,
      searchTime: () => at,
      offer,
      addonPath: () => null,
      prune: (before) => journal.prune({ before, isAtSource: () => true }),
      stop: (mode, { by, reason }) => void stops.push([mode, by, reason]),
      reload: (by) => Promise.resolve({ v: 1, file: null, problem: `not here, ${by.by}`, changes: [], added: [], removed: [] }),
    },
    offered,
    stops,
    send,
    settle: () => send(...offered.splice(0)),
    rest(...names) {
      send({ kind: 'entries_seen', route: a, entries: names.map((name, index) => entryOf(name, index + 1)) });
      at += 60_000;
      list();
    },
    newest,
    idOf: (source) => newest(source).id,
    close() {
      journal.close();
      rmSync(folder, { recursive: true });
      for (const { source } of routes) rmSync(path.dirname(source), { recursive: true, force: true });
    },
  };
}

export function entryOf(name: string, size = 5_000): SourceEntry {
  return {
    path: name,
    nameValid: true,
    fingerprint: { sizeBytes: size, mtimeNs: String(size) },
    identity: null,
    mode: 0o644,
    mayGrow: false,
  };
}
