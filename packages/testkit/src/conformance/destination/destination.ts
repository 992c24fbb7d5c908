import { claimsOf } from '../claim.ts';
import type { DestinationAbilities, DestinationUnderTest, FileUnderTest } from './claim.ts';
import { readOnly, rooms } from './faults.ts';
import { creating, naming } from './names.ts';

export type { DestinationAbilities, DestinationUnderTest, FileUnderTest };

/**
 * Defines uvu tests of the behaviour that every destination must have. The calling file has to call `test.run()` itself.
 * @param open creates an empty destination
 */
export function destinationConformance(name: string, open: () => Promise<DestinationUnderTest>, abilities: DestinationAbilities): void {
  const claim = claimsOf(name, open);
  creating(claim);
  naming(claim);
  if (abilities.hasOwnRoom) rooms(claim);
  if (abilities.canBeReadOnly) readOnly(claim);
}
