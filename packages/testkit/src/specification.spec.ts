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

it('says what happened, by type or by the fields that matter', () => {
  given({ type: 'Lit', level: 9 }).when(dim(3)).then('Dimmed');
  given({ type: 'Lit', level: 9 }).when(dim(3)).then({ type: 'Dimmed', level: 3 });
  expect(given({ type: 'Lit', level: 9 }).when(dim(3)).state()).toEqual({ level: 3 });
});

it('says a refusal and an ignore by name', () => {
  given({ type: 'Lit', level: 1 }).when(dim(3)).refused('too-bright');
  given({ type: 'Lit', level: 3 }).when(dim(3)).ignored('already-so');
});

it('fails for another event, another field, one event too few, and a refusal that was none', () => {
  const lit = given({ type: 'Lit', level: 9 });
  expect(() => lit.when(dim(3)).then('Lit')).toThrow();
  expect(() => lit.when(dim(3)).then({ type: 'Dimmed', level: 4 })).toThrow();
  expect(() => lit.when(dim(3)).then('Dimmed', 'Dimmed')).toThrow();
  expect(() => lit.when(dim(3)).refused('too-bright')).toThrow();
});
