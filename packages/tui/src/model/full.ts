import type { Dialog } from './model.ts';

const fullKinds = ['detail', 'help', 'log', 'settings', 'conditions', 'safe'] as const;
/** A view that fills all rows between the header and the footer. */
export type FullDialog = Extract<Dialog, { kind: (typeof fullKinds)[number] }>;

/** Returns whether a dialog fills the screen. */
export function isFull(dialog: Dialog | undefined): dialog is FullDialog {
  return dialog !== undefined && (fullKinds as readonly string[]).includes(dialog.kind);
}
