import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Samples } from '../../../scripts/docs/samples.ts';
import type { Field, ObjectType, Shape } from '../../../scripts/docs/types.ts';

const text: Shape = { kind: 'plain', name: 'string' };
const figure: Shape = { kind: 'plain', name: 'number' };
const outage: Shape = { kind: 'object', name: 'OutageLine' };
const objects = new Map<string, ObjectType>([
  ['Outage', { name: 'Outage', meaning: '', base: null, fields: [field('route', text), field('code', orNull(text))] }],
  ['OutageLine', { name: 'OutageLine', meaning: '', base: 'Outage', fields: [field('v', figure), field('again', figure, true)] }],
]);

function field(name: string, shape: Shape, isOptional = false): Field {
  return { name, shape, isOptional, meaning: '' };
}

function orNull(shape: Shape): Shape {
  return { kind: 'any', of: [shape, { kind: 'null' }] };
}

test('Samples.take: keeps an example for each field, in the object that declares it; a value wins over null', () => {
  const samples = new Samples(objects);
  samples.take({ v: 1, route: 'ingest', code: null }, outage, 'a');
  samples.take({ v: 2, route: 'cards', code: 'EIO', again: 3 }, outage, 'b');
  const { examples } = samples;
  assert.is(examples.get('OutageLine.v'), 1);
  assert.is(examples.get('OutageLine.again'), 3);
  assert.is(examples.get('Outage.route'), 'ingest');
  assert.is(examples.get('Outage.code'), 'EIO');
});

test('Samples.take: an unknown key, a missing key and a value of another type are errors', () => {
  const take = (value: unknown) => () => new Samples(objects).take(value, outage, 'outages.jsonl');
  assert.throws(take({ v: 1, route: 'ingest', code: null, why: '' }), /outages\.jsonl: OutageLine has no field why/);
  assert.throws(take({ v: 1, route: 'ingest' }), /outages\.jsonl: Outage\.code is missing/);
  assert.throws(take({ v: 1, route: 'ingest', code: 5 }), /5 is not of the type that documents it/);
  assert.throws(take([]), /is not of the type that documents it/);
});

test.run();
