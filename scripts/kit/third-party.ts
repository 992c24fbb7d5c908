import type { Component } from './components.ts';

const rule = '='.repeat(78);

/** Returns the text about third-party software in the executables: a list, then the whole licences, each once. */
export function thirdPartyText(components: readonly Component[]): string {
  const rows = components.map(({ name, version, licence }) => `${name.padEnd(26)} ${version.padEnd(10)} ${licence}`);
  return [
    'What is inside the executables of Sluice that others made, and its licences.',
    'sluice.cdx.json lists the same for programs (CycloneDX).',
    '',
    ...rows,
    ...[...byText(components)].flatMap(([text, those]) => [
      '',
      rule,
      ...those.map(({ name, version }) => `${name} ${version}`),
      rule,
      '',
      text,
    ]),
    '',
  ].join('\n');
}

function byText(components: readonly Component[]): ReadonlyMap<string, readonly Component[]> {
  return Map.groupBy(components, ({ text }) => text.replaceAll('\r\n', '\n').trim());
}
