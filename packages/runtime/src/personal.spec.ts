import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { Personal } from './personal.ts';

const words = new Personal('Quirxel Invented');

it.each<[string, () => string]>([
  ['a template', () => `${words}`],
  ['String()', () => String(words)],
  ['joining', () => [words, words].join(' ')],
  ['JSON', () => JSON.stringify({ words, deep: [words] })],
  ['inspecting', () => inspect({ words }, { depth: 9, showHidden: true })],
  ['an error', () => new Error(`not: ${words}`).message],
  ['spreading', () => JSON.stringify({ ...words })],
  ['its keys', () => Object.keys(words).join() + JSON.stringify(Object.entries(words))],
])('a personal value cannot be read by %s', (_what, text) =>
  expect(text()).not.toContain('Quirxel'),
);

it('a personal value cannot be logged', () => {
  let line = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      line += String(chunk);
      done();
    },
  });
  pino(stream).info({ words, nested: { words } }, 'a line with %s', words);
  expect(line).toContain('[personal]');
  expect(line).not.toContain('Quirxel');
});

it('a personal value is read only by reveal', () =>
  expect(words.reveal()).toBe('Quirxel Invented'));
