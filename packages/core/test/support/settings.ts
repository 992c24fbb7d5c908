import { type RouteName, routeName } from '../../src/model/ids.ts';
import { type CoreSettings, type RouteSettings } from '../../src/model/settings.ts';
import { type RouteChanges, routeSettings } from '../fixtures/route-settings.ts';

export const ingest = routeName('ingest');
export const archive = routeName('archive');

/**
 * Returns the settings of one route for tests: small figures, with listings and probes so far apart that none is due within a
 * short time.
 */
function sceneRoute(name: RouteName, over: RouteChanges): RouteSettings {
  return routeSettings({
    name,
    destination: `/mnt/${name}`,
    include: ['**'],
    stableAfterMs: 5_000,
    stuckAfterMs: 600_000,
    scanEveryMs: 3_600_000,
    ...over,
    growing: { include: ['*.mxf'], minSizeBytes: 1_000, safetyMarginBytes: 100, ...over.growing },
    space: { keepFree: { bytes: 1_000 }, ...over.space },
    probe: { openMs: 3_600_000, ...over.probe },
  });
}

/** The options of a scene. */
export interface SceneSettings {
  readonly lanes?: number;
  readonly growingLanes?: number;
  readonly smallSizeBytes?: number;
  readonly route?: RouteChanges;
  /** A second route, `archive`, from the same source. */
  readonly twoRoutes?: boolean;
}

export function coreSettings({
  lanes = 4,
  growingLanes = 4,
  smallSizeBytes = 0,
  route = {},
  twoRoutes = false,
}: SceneSettings): CoreSettings {
  const names = twoRoutes ? [ingest, archive] : [ingest];
  return {
    agentId: '0a0b0c0d',
    lanes,
    growingLanes,
    smallSizeBytes,
    attentionAfterMs: 60_000,
    routes: names.map((name) => sceneRoute(name, route)),
  };
}
