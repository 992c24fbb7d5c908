import type { SettingsDialog } from '../model/dialogs.ts';
import type { Dialog, Message, Model, Updated } from '../model/model.ts';

/** Opens the settings, and requests them. */
export function openSettings(model: Model): Updated {
  const settings: SettingsDialog = { kind: 'settings', settings: null, hidesDefaults: false, trouble: null, scroll: 0 };
  return { model: { ...model, dialogs: [...model.dialogs, settings] }, intents: [{ do: 'settings' }] };
}

/** Returns the open settings, also below the help, or null. */
export function openedSettings({ dialogs }: Pick<Model, 'dialogs'>): SettingsDialog | null {
  return dialogs.findLast((dialog) => dialog.kind === 'settings') ?? null;
}

/** Applies the settings that arrived, or the reason why they are missing. */
export function ofSettings(model: Model, { settings, trouble }: Extract<Message, { kind: 'settings' }>): Model {
  return changed(model, (dialog) => (settings === null ? { ...dialog, trouble } : { ...dialog, settings, trouble: null }));
}

/** Hides or shows settings with default values. */
export function toggleDefaults(model: Model): Updated {
  return { model: changed(model, (dialog) => ({ ...dialog, hidesDefaults: !dialog.hidesDefaults, scroll: 0 })), intents: [] };
}

/** Called on a new connection. Requests the settings again, because the agent may have other ones. */
export function settingsAskedAgain({ dialogs }: Model): Updated['intents'] {
  return openedSettings({ dialogs }) === null ? [] : [{ do: 'settings' }];
}

function changed(model: Model, change: (dialog: SettingsDialog) => SettingsDialog): Model {
  return { ...model, dialogs: model.dialogs.map((dialog): Dialog => (dialog.kind === 'settings' ? change(dialog) : dialog)) };
}
