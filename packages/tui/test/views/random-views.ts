import type { LogNote } from '@sluice/control';
import fc, { type Arbitrary } from 'fast-check';
import type { AskSafeDialog, ConditionsDialog, LogDialog, SafeDialog, SettingsDialog } from '../../src/model/dialogs.ts';

/** The views that contain names, except the detail of a file. */
export type NamedView = AskSafeDialog | ConditionsDialog | LogDialog | SafeDialog | SettingsDialog;

/** The arbitraries of which views are composed. */
interface Parts {
  readonly name: Arbitrary<string>;
  readonly figure: Arbitrary<number>;
  readonly note: Arbitrary<LogNote>;
}

/** Returns any of these views, in any state. */
export function anyView({ name, figure, note }: Parts): Arbitrary<NamedView> {
  const maybe = <Of>(arbitrary: Arbitrary<Of>): Arbitrary<Of | null> => fc.option(arbitrary, { nil: null });
  const scroll = fc.integer();
  const page = fc.record({ before: maybe(fc.nat()), after: maybe(fc.nat()) });
  const asked = fc.record({ route: name, folder: maybe(name), reads: fc.boolean() });
  const setting = fc.record({ table: name, key: name, value: name, from: fc.oneof(name, fc.constant('default')) });
  const files = fc.array(fc.record({ route: name, path: name, text: name }), { maxLength: 5 });
  const answer = fc.record({ isSafe: fc.boolean(), verdict: name, files, more: fc.nat(), notes: fc.array(name, { maxLength: 3 }) });
  const progress = fc.record({ files: figure, bytes: figure, allFiles: maybe(figure), allBytes: maybe(figure) });
  return fc.oneof(
    fc.record({
      kind: fc.constant('log' as const),
      notes: fc.array(note, { maxLength: 10 }),
      older: maybe(fc.nat()),
      newer: maybe(fc.nat()),
      last: fc.integer({ min: -1, max: 12 }),
      asked: maybe(page),
      trouble: maybe(name),
    }),
    fc.record({
      kind: fc.constant('settings' as const),
      settings: maybe(fc.array(setting, { maxLength: 5 })),
      hidesDefaults: fc.boolean(),
      trouble: maybe(name),
      scroll,
    }),
    fc.record({ kind: fc.constant('conditions' as const), scroll }),
    fc.record({
      kind: fc.constant('ask_safe' as const),
      targets: fc.array(fc.record({ route: name, source: name, folder: name }), { maxLength: 3 }),
      at: fc.nat(3),
      typed: name,
      after: fc.nat(5),
      reads: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('safe' as const),
      asked,
      progress: maybe(progress),
      answer: maybe(answer),
      trouble: maybe(name),
      scroll,
    }),
  );
}

/** Puts a hostile name in every place of a view that can have a name. */
export function hostileView(view: NamedView, hostile: string): NamedView {
  switch (view.kind) {
    case 'log':
      return { ...view, notes: view.notes.map((note) => ({ ...note, route: hostile, text: hostile })) };
    case 'settings':
      return { ...view, settings: [{ table: hostile, key: hostile, value: hostile, from: hostile }] };
    case 'conditions':
      return view;
    case 'ask_safe':
      return { ...view, targets: [{ route: hostile, source: hostile, folder: hostile }], at: 0, typed: hostile };
    case 'safe': {
      const files = [{ route: hostile, path: hostile, text: hostile }];
      return {
        ...view,
        asked: { ...view.asked, route: hostile, folder: hostile },
        answer: { isSafe: false, verdict: hostile, files, more: 1, notes: [hostile] },
      };
    }
  }
}
