/** The version of this program. `scripts` keeps it the same in every package.json. */
export const version = '0.1.0';

/** Returns what `sluice --version` prints. */
export function versionText(of: string): string {
  return `sluice ${of}`;
}
