import type { Answer } from '@opennrm/runtime';
import type { Outcome } from './aggregate.ts';

/** The answer to a caller for an outcome. An ignored command is answered as done: a repeat changes nothing. */
export function answerFrom<State, Response>(
  outcome: Outcome<State, unknown, string>,
  respond: (state: State) => Response,
  field: string,
): Answer<Response> {
  switch (outcome.kind) {
    case 'accepted':
    case 'ignored':
      return { kind: 'answer', response: respond(outcome.state) };
    case 'refused':
      return {
        kind: 'refused',
        refusal: outcome.refusal,
        field: outcome.field ?? (outcome.refusal === 'already-exists' ? field : undefined),
      };
    case 'unknown':
      return { kind: 'refused', refusal: 'not-found', field };
  }
}
