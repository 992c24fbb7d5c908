/** What stops the work of a whole route. The journal keeps these names. */
export type RouteTroubleName = 'wrong_disk' | 'destination' | 'source' | 'room';

export const routeTroubleNames = ['wrong_disk', 'destination', 'source', 'room'] as const satisfies readonly RouteTroubleName[];
