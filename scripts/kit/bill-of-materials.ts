import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import type { Component } from './components.ts';

const kinds = { platform: Enums.ComponentType.Platform, library: Enums.ComponentType.Library } as const;

/**
 * Returns the components of the executables, as CycloneDX 1.6 in JSON. It has neither time nor serial number, so the same
 * components give the same text.
 */
export function billOfMaterials(components: readonly Component[], version: string): string {
  const sluice = new Models.Component(Enums.ComponentType.Application, 'sluice', {
    version,
    bomRef: `sluice@${version}`,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense('MIT')]),
  });
  const inside = components.map(component);
  for (const { bomRef } of inside) sluice.dependencies.add(bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: sluice }),
    components: new Models.ComponentRepository(inside),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component({ kind, name, version, licence, purl }: Component): Models.Component {
  const licenses = new Models.LicenseRepository([
    SPDX.isSupportedSpdxId(licence) ? new Models.SpdxLicense(licence) : new Models.NamedLicense(licence),
  ]);
  return new Models.Component(kinds[kind], name, { version, bomRef: purl, purl, licenses });
}
