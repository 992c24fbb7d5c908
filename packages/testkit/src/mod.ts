export * from './fake-carrier.ts';
export * from './fake-destination.ts';
export * from './fake-source.ts';
export * from './fake-world.ts';
export * from './prng.ts';
export * from './sim-clock.ts';
