/** Device names, with any extension too. Source: "Naming Files, Paths, and Namespaces" in Microsoft's documentation. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?$/iu;
const forbidden = /[<>:"|?*\\]/u;

/**
 * Returns what a Windows filesystem (NTFS, FAT, many shares) objects to in a name that is valid elsewhere. It judges only the
 * name: much of such storage accepts it nevertheless, and then it is copied unchanged.
 * @param path relative, `/` between the parts
 * @returns null if there is no objection
 */
export function windowsObjection(path: string): string | null {
  for (const part of path.split('/')) {
    const objection = objectionTo(part);
    if (objection !== null) return objection;
  }
  return null;
}

function objectionTo(part: string): string | null {
  const character = forbidden.exec(part)?.[0];
  if (character !== undefined) return `a name cannot contain ${character === '"' ? 'a quotation mark' : `"${character}"`}`;
  if (hasControl(part)) return 'a name cannot contain a control character';
  if (part.endsWith('.')) return 'a name cannot end with a dot';
  if (part.endsWith(' ')) return 'a name cannot end with a space';
  return device.test(part) ? `${part.replace(/[ .].*$/u, '').toUpperCase()} is the name of a device` : null;
}

function hasControl(part: string): boolean {
  return Array.from(part).some((character) => character < ' ');
}
