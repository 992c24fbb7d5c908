import { type CoreSettings, type RouteName, type RouteSettings, routeName } from '../../src/mod.ts';

export const ingest = routeName('ingest');
export const archive = routeName('archive');

/**
 * One route as a test wants it: small figures, and listings and probes so far apart that none comes by itself where
 * little time goes by.
 */
export function routeSettings(name: RouteName, over: Partial<RouteSettings> = {}): RouteSettings {
  return {
    name,
    source: '/in',
    destination: `/mnt/${name}`,
    include: ['**'],
    exclude: [],
    stableAfterMs: 5_000,
    stuckAfterMs: 600_000,
    scanEveryMs: 3_600_000,
    verify: 'readback',
    destinationMode: null,
    maxRateBytesPerSecond: null,
    stallAfterMs: 2_000,
    stallMaxMs: 120_000,
    maxAttempts: 5,
    guard: 'marker',
    afterCopy: 'keep',
    afterCopyWaitMs: 3_600_000,
    afterCopyProof: 'direct',
    archiveDir: null,
    growing: {
      enabled: true,
      include: ['*.mxf'],
      visible: true,
      minSizeBytes: 1_000,
      safetyMarginBytes: 100,
      pollMs: 1_000,
      quietForMs: 30_000,
    },
    recovery: { rename: 'always', suffix: '_{n}', leftover: 'keep', maxVisible: 3 },
    space: { keepFree: { bytes: 1_000 }, warnBelow: { share: 0.05 }, retryEveryMs: 30_000 },
    probe: { openMs: 3_600_000, closedMs: 1_000, deadlineMs: 10_000, settleMs: 10_000 },
    ...over,
  };
}

/** What a scene may have otherwise. */
export interface SceneSettings {
  readonly lanes?: number;
  readonly growingLanes?: number;
  readonly route?: Partial<RouteSettings>;
  /** A second route, `archive`, from the same source. */
  readonly twoRoutes?: boolean;
}

export function coreSettings({ lanes = 4, growingLanes = 4, route = {}, twoRoutes = false }: SceneSettings): CoreSettings {
  const names = twoRoutes ? [ingest, archive] : [ingest];
  return { agentId: '0a0b0c0d', lanes, growingLanes, routes: names.map((name) => routeSettings(name, route)) };
}
