import { logToNewest, logToOldest, openedLog, scrollLog, scrollLogPage } from '../log/log.ts';
import { againSafe, isAnswered, openedSafe } from '../safe/safe.ts';
import { openedSettings, toggleDefaults } from '../settings/settings.ts';
import type { Binding, Place } from './binding.ts';
import { always } from './valid.ts';

const inLog: readonly Place[] = ['log'];

/** The keys of the log, the settings and the check of a source, in the order in which the help shows them. */
export const viewBindings: readonly Binding[] = [
  { keys: ['up', 'k'], label: '↑', does: 'older', in: inLog, text: 'an older line', isValid: always, run: (model) => scrollLog(model, -1) },
  {
    keys: ['down', 'j'],
    label: '↓',
    does: 'newer',
    in: inLog,
    text: 'a newer line',
    isValid: always,
    run: (model) => scrollLog(model, 1),
  },
  {
    keys: ['pageup'],
    label: 'PgUp',
    does: 'older_page',
    in: inLog,
    text: 'older',
    isValid: always,
    run: (model) => scrollLogPage(model, -1),
    footer: { position: 1, rank: 2 },
  },
  {
    keys: ['pagedown'],
    label: 'PgDn',
    does: 'newer_page',
    in: inLog,
    text: 'newer',
    isValid: always,
    run: (model) => scrollLogPage(model, 1),
    footer: { position: 2, rank: 3 },
  },
  {
    keys: ['home', 'g'],
    label: 'Home',
    does: 'oldest',
    in: inLog,
    text: 'oldest',
    isValid: (model) => openedLog(model) !== null,
    run: logToOldest,
    footer: { position: 3, rank: 5 },
  },
  {
    keys: ['end', 'G'],
    label: 'End',
    does: 'newest',
    in: inLog,
    text: 'newest',
    isValid: (model) => openedLog(model) !== null,
    run: logToNewest,
    footer: { position: 4, rank: 4 },
  },
  {
    keys: ['d'],
    label: 'd',
    does: 'defaults',
    in: ['settings'],
    text: (model) => (openedSettings(model)?.hidesDefaults === true ? 'show defaults' : 'hide defaults'),
    isValid: (model) => openedSettings(model) !== null,
    run: toggleDefaults,
    footer: { position: 1, rank: 3 },
  },
  {
    keys: ['r'],
    label: 'r',
    does: 'again',
    in: ['safe'],
    text: 'check again',
    isValid: isAnswered,
    run: (model) => againSafe(model, openedSafe(model)?.asked.reads ?? false),
    footer: { position: 1, rank: 3 },
  },
  {
    keys: ['b'],
    label: 'b',
    does: 'read_bytes',
    in: ['safe'],
    text: 'read the bytes',
    isValid: (model) => isAnswered(model) && openedSafe(model)?.asked.reads === false,
    run: (model) => againSafe(model, true),
    footer: { position: 2, rank: 4 },
  },
];
