/** Offsets in a 64-bit little-endian ELF file (System V ABI, gABI 4.1: ELF header, program header table, sections). */
const at = { programHeaders: 0x20, sectionHeaders: 0x28, programHeaderBytes: 0x36, sectionHeaderBytes: 0x3a } as const;
const inProgramHeader = { type: 0, offset: 8, fileBytes: 32, align: 48 } as const;
const inSectionHeader = { offset: 24 } as const;
const loaded = 1;

interface Hole {
  readonly from: number;
  readonly to: number;
}

/**
 * Removes the holes between the loaded parts of a program: zeros that let a part begin where huge pages could map it. Sluice is
 * not mapped that way, and the addresses in memory stay the same.
 * @param pageBytes the largest page of the machines that it runs on: a part begins at the same byte of a page, in the file and in
 * memory
 * @throws Error if it is not such a file, or something is in a hole
 */
export function closeHoles(program: Uint8Array, pageBytes: number): Uint8Array {
  const bytes = Uint8Array.from(program);
  const view = new DataView(bytes.buffer);
  if (view.getUint32(0) !== 0x7f454c46 || view.getUint16(4) !== 0x0201) throw new Error('not an ELF file of 64 bits, least byte first');
  const holes = holesOf(view, pageBytes);
  for (const { from, to } of holes) if (bytes.subarray(from, to).some((byte) => byte !== 0)) throw new Error(`not empty: ${from} to ${to}`);
  moveOffsets(view, holes, pageBytes);
  return without(bytes, holes);
}

function holesOf(view: DataView, pageBytes: number): readonly Hole[] {
  const parts = programHeaders(view)
    .filter((header) => view.getUint32(header + inProgramHeader.type, true) === loaded)
    .map((header) => {
      const from = read(view, header + inProgramHeader.offset);
      return { from, to: from + read(view, header + inProgramHeader.fileBytes) };
    })
    .toSorted((one, other) => one.from - other.from);
  return parts.slice(1).flatMap(({ from }, index) => {
    const pages = Math.floor((from - (parts[index]?.to ?? from)) / pageBytes);
    return pages < 1 ? [] : [{ from: from - pages * pageBytes, to: from }];
  });
}

function moveOffsets(view: DataView, holes: readonly Hole[], pageBytes: number): void {
  const programs = programHeaders(view);
  const sections = table(view, at.sectionHeaders, at.sectionHeaderBytes);
  const offsets = [
    ...programs.map((header) => header + inProgramHeader.offset),
    ...sections.map((header) => header + inSectionHeader.offset),
    at.programHeaders,
    at.sectionHeaders,
  ];
  for (const offset of offsets) view.setBigUint64(offset, BigInt(moved(read(view, offset), holes)), true);
  for (const header of programs) {
    const offset = header + inProgramHeader.align;
    if (read(view, offset) > pageBytes) view.setBigUint64(offset, BigInt(pageBytes), true);
  }
}

/** @throws Error for an offset inside a hole, which would be removed */
function moved(offset: number, holes: readonly Hole[]): number {
  if (holes.some(({ from, to }) => from < offset && offset < to)) throw new Error(`something begins at ${offset}, where nothing should be`);
  return holes.filter(({ to }) => to <= offset).reduce((rest, { from, to }) => rest - (to - from), offset);
}

function without(bytes: Uint8Array, holes: readonly Hole[]): Uint8Array {
  const starts = [0, ...holes.map(({ to }) => to)];
  return Buffer.concat(starts.map((start, index) => bytes.subarray(start, holes[index]?.from)));
}

function programHeaders(view: DataView): readonly number[] {
  return table(view, at.programHeaders, at.programHeaderBytes);
}

/** @returns where each header of a table begins. Their number is stored after their size */
function table(view: DataView, start: number, headerBytes: number): readonly number[] {
  const count = view.getUint16(headerBytes + 2, true);
  return Array.from({ length: count }, (_, index) => read(view, start) + index * view.getUint16(headerBytes, true));
}

function read(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}
