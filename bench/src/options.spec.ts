import { expect, it } from 'vitest';
import { parts, readOptions } from './options.ts';

it('a run measures every part but Restate, which is fetched only when it is asked for', () => {
  expect(readOptions([]).only).toEqual(parts.filter((part) => part !== 'restate'));
});

it('--peers restate adds Restate to the parts of a run', () => {
  expect(readOptions(['--peers', 'restate']).only).toEqual(parts);
  expect(readOptions(['--only', 'peers', '--peers', 'restate']).only).toEqual(['peers', 'restate']);
});

it('--only restate measures Restate alone', () => {
  expect(readOptions(['--only', 'restate']).only).toEqual(['restate']);
});

it('an unknown part or peer is refused with those that there are', () => {
  expect(() => readOptions(['--only', 'road'])).toThrow('--only: road is not one of start, ');
  expect(() => readOptions(['--peers', 'DBOS'])).toThrow('--peers: DBOS is not one of restate');
});
