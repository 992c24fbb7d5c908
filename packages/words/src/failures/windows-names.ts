/** Devices, with any extension too. Source: "Naming Files, Paths, and Namespaces" of Microsoft's documentation. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?$/iu;
const forbidden = /[<>:"|?*\\]/u;

/**
 * What storage of Windows' kind (NTFS, FAT, many a share) has against a name that is fine elsewhere. A finding about the
 * name alone: much of such storage takes it all the same, and then it is copied as it is.
 *
 * @param path relative, `/` between the parts
 * @returns null where it has nothing against any of them
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
  if (character !== undefined) return `a name cannot contain ${character}`;
  if (hasControl(part)) return 'a name cannot contain a control character';
  if (part.endsWith('.')) return 'a name cannot end with a dot';
  if (part.endsWith(' ')) return 'a name cannot end with a space';
  return device.test(part) ? `${part.replace(/[ .].*$/u, '').toUpperCase()} is the name of a device` : null;
}

function hasControl(part: string): boolean {
  return Array.from(part).some((character) => character < ' ');
}
