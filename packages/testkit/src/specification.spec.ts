import { accept, type Decision, ignore, refuse } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { specification } from './specification.ts';

type Event = { readonly type: 'Lit' | 'Dimmed'; readonly level: number };
interface Lamp {
  readonly level: number;
}
const { given } = specification<Lamp, Event>((_before, { level }) => ({ level }));

const dim =
  (to: number) =>
  ({ level }: Lamp): Decision<Event, 'too-bright'> => {
    if (to > level) return refuse('too-bright');
    return to === level ? ignore('already-so') : accept({ type: 'Dimmed', level: to });
  };

it('then() compares the events, by type or by the given fields', () => {
  given({ type: 'Lit', level: 9 }).when(dim(3)).then('Dimmed');
  given({ type: 'Lit', level: 9 }).when(dim(3)).then({ type: 'Dimmed', level: 3 });
  expect(given({ type: 'Lit', level: 9 }).when(dim(3)).state()).toEqual({ level: 3 });
});

it('refused() and ignored() compare a refusal and an ignored event by name', () => {
  given({ type: 'Lit', level: 1 }).when(dim(3)).refused('too-bright');
  given({ type: 'Lit', level: 3 }).when(dim(3)).ignored('already-so');
});

it('a specification fails for another event, another field, a missing event, and a refusal that did not happen', () => {
  const lit = given({ type: 'Lit', level: 9 });
  expect(() => lit.when(dim(3)).then('Lit')).toThrow();
  expect(() => lit.when(dim(3)).then({ type: 'Dimmed', level: 4 })).toThrow();
  expect(() => lit.when(dim(3)).then('Dimmed', 'Dimmed')).toThrow();
  expect(() => lit.when(dim(3)).refused('too-bright')).toThrow();
});
