import * as v from 'valibot';
import type { Kind } from './kinds.ts';
import { agentKeys, growingKeys, journalKeys, logKeys, probeKeys, rateKeys, recoveryKeys, routeKeys, spaceKeys } from './schema.ts';

/** One setting of the schema, as data. Options, explanations and help texts are made from it. */
export interface Setting {
  readonly target: 'route' | 'agent' | 'journal' | 'log';
  /** The path inside the target: `['growing', 'min_size']`. */
  readonly path: readonly string[];
  readonly kind: Kind;
  /** The values of a `choice`. */
  readonly choices: readonly string[] | null;
  /** The default as it would be written in the file, without TOML's quotes. */
  readonly unless: unknown;
  readonly description: string;
  /** Whether the value is a command that is run. Its arguments may be secret. */
  readonly isCommand: boolean;
  readonly schema: v.GenericSchema;
}

type Keys = Readonly<Record<string, v.GenericSchema>>;

/** All settings, in the order of the contract. */
export const catalogue: readonly Setting[] = [
  ...settingsOf('agent', [], agentKeys),
  ...settingsOf('journal', [], journalKeys),
  ...settingsOf('log', [], logKeys),
  ...settingsOf('route', [], routeKeys),
  ...settingsOf('route', ['growing'], growingKeys),
  ...settingsOf('route', ['recovery'], recoveryKeys),
  ...settingsOf('route', ['space'], spaceKeys),
  ...settingsOf('route', ['probe'], probeKeys),
];

function settingsOf(target: Setting['target'], tables: readonly string[], keys: Keys): Setting[] {
  return Object.entries(keys).map(([key, schema]) => {
    const { wrapped, default: unless } = schema as v.OptionalSchema<DescribedSchema, unknown>;
    const about = v.getMetadata(wrapped) as { readonly kind: Kind; readonly choices?: readonly string[]; readonly isCommand?: boolean };
    const description = v.getDescription(wrapped) ?? '';
    const { kind, choices = null, isCommand = false } = about;
    return { target, path: [...tables, key], kind, choices, unless, description, isCommand, schema: wrapped };
  });
}

/** The settings of a `[[route.rate]]`. A route may have several of these tables, so they are no options. */
export const rateSettings: readonly Setting[] = settingsOf('route', ['rate'], rateKeys);

type DescribedSchema = v.SchemaWithPipe<readonly [v.GenericSchema, v.DescriptionAction<unknown, string>]>;
