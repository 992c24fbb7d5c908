import { catalogue, type Setting } from './catalogue.ts';

/** A route as a person names it. */
export interface TemplateRoute {
  readonly name: string;
  /** The absolute path of the source. */
  readonly source: string;
  /** The absolute path of the destination. */
  readonly destination: string;
}

const head = [
  '# What Sluice copies, and how. A line that begins with "# " shows a default: remove the "# " to change it.',
  '# "sluice check" shows the values in use, where each one comes from, and whether the folders answer.',
  '# Durations: "500ms" "10s" "5m" "2h". Sizes: "512KB" "10MB" "2GB", or "KiB" "MiB" "GiB"; a share of a disk: "5%".',
];

/** A row of `[[route.rate]]` has no defaults to show. */
const rateExample = [
  '# [[route.rate]]                     # another max_rate at some times, by the local clock; the first that applies counts',
  '#   from = "08:00"',
  '#   to = "18:00"                     # before "from": on the next day',
  '#   days = ["mon", "tue", "wed", "thu", "fri"]',
  '#   max_rate = "20MB"',
];

/**
 * Returns a `sluice.toml` with one route, and with every setting and its default as a comment.
 * @param route null: an example to fill in, which `sluice check` then reports
 */
export function configTemplate(route: TemplateRoute | null): string {
  const tables = [...new Set(catalogue.map(headerOf))];
  return `${[...head, ...tables.flatMap((header) => ['', ...table(header, route)]), '', ...rateExample].join('\n')}\n`;
}

function table(header: string, route: TemplateRoute | null): readonly string[] {
  const settings = catalogue.filter((setting) => headerOf(setting) === header);
  return [isActive(header, route) ? header : `# ${header}`, ...settings.map((setting) => line(setting, route))];
}

/** Without a route, the headers of its tables are comments too: otherwise they would define a route without folders. */
function isActive(header: string, route: TemplateRoute | null): boolean {
  return route !== null || !header.includes('route');
}

const example: TemplateRoute = { name: 'ingest', source: '/ingest', destination: '/mnt/nas/ingest' };

function line(setting: Setting, route: TemplateRoute | null): string {
  const chosen = chosenValue(setting, route ?? example);
  if (chosen === null) return `# ${assignment(setting, setting.unless).padEnd(34)} # ${setting.description}`;
  return route === null ? `# ${assignment(setting, chosen)}` : assignment(setting, chosen);
}

function chosenValue({ target, path }: Setting, route: TemplateRoute): string | null {
  const key = path.length === 1 ? path[0] : undefined;
  return target === 'route' && (key === 'name' || key === 'source' || key === 'destination') ? route[key] : null;
}

function assignment({ path }: Setting, value: unknown): string {
  return `${path.at(-1)} = ${literal(value)}`;
}

/** JSON's strings, numbers and lists are valid TOML, except for the character DEL (TOML 1.0, basic strings). */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

function headerOf({ target, path }: Setting): string {
  if (target !== 'route') return `[${target}]`;
  return path.length === 1 ? '[[route]]' : `[route.${path[0]}]`;
}
