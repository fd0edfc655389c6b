import { after } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import { readProcedure } from './asking.ts';
import {
  beginning,
  DAY_MS,
  first,
  noon,
  pending,
  responder,
  rulesOfCountry,
  Story,
} from './procedure.fixture.ts';
import type { FormalProcess } from './procedure.ts';
import { withdrawProcess } from './referring.ts';
import type { Actor } from './rules.ts';

const rules = await rulesOfCountry('sample');
const draft = new Story().begin(beginning(), rules).now();
const sent = pending(rules).now();
const over = pending(rules)
  .next((procedure) => withdrawProcess(procedure, responder.person))
  .now();

describe('a read of a procedure', () => {
  const at = after(noon, DAY_MS);
  const reads = (procedure: FormalProcess, who: Actor, purpose = 'identification-decision') =>
    readProcedure(procedure, { ...who, purpose, at });

  it('by the referrer is based on their own record, from the draft on and for any purpose', () => {
    for (const procedure of [draft, sent, over]) {
      const read = {
        type: 'ProcessRead',
        basis: 'own-record',
        purpose: 'support',
        ...whoIs(responder),
        at,
      };
      expect(reads(procedure, responder, 'support')).toMatchObject({ events: [read] });
    }
  });

  it('by the authority is possible after submission, based on its task while it decides and on the law afterwards', () => {
    expect(reads(draft, first)).toMatchObject({ refusal: 'not-the-authority' });
    expect(reads(sent, first)).toMatchObject({
      events: [{ basis: 'public-task', ...whoIs(first) }],
    });
    expect(reads(over, first)).toMatchObject({
      events: [{ basis: 'legal-obligation', ...whoIs(first) }],
    });
  });

  it('by the authority is for its decision only', () =>
    expect(reads(sent, first, 'support')).toMatchObject({ refusal: 'no-basis', field: 'purpose' }));

  it('by any other organisation is refused', () =>
    expect(reads(sent, { ...first, organisation: 'another' })).toMatchObject({
      refusal: 'not-the-authority',
    }));
});

const whoIs = ({ organisation, person }: Actor) => ({ organisation, person });
