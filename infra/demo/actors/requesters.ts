import { randomUUID } from 'node:crypto';
import { AgeAnswer, Presence } from '@opennrm/contracts/opennrm/identification_intake/v1/service.ts';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import { drawWithdrawal } from '../behaviour.ts';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { Desk } from '../desk.ts';
import { type MadeUp, madeUp } from '../made-up.ts';
import type { SyntheticNeed } from '../people.ts';
import { refer } from './authority.ts';
import { secondThoughts, spoken } from './second-thoughts.ts';

/** What the demo knows of a request: enough to act as its people would. */
export interface Request {
  readonly need: SyntheticNeed;
  readonly referralId: string;
  readonly organisation: string;
}

const urgencies = { emergency: Urgency.EMERGENCY, urgent: Urgency.URGENT, planned: Urgency.PLANNED } as const;
const ages = { no: UnderEighteen.NO, yes: UnderEighteen.YES, unsure: UnderEighteen.UNSURE } as const;
const DAYS_31 = hours(31 * 24);

/** Puts everybody on the agenda: who needs a place, when, and what responders and caseworkers do about it. */
export function planRequests(desk: Desk, needs: readonly SyntheticNeed[], organisations: readonly string[]): Request[] {
  return needs.map((need) => {
    const draw = chance(desk.seed, 'request', need.nth);
    const request = { need, referralId: draw.uuid(), organisation: draw.pick(organisations) };
    desk.later(need.arrivesAt - desk.now(), 'request', () =>
      need.urgency === 'emergency' ? emergency(desk, request) : prepared(desk, request),
    );
    return request;
  });
}

/** A bed before a form: the caller mints the reference; the case is opened and the reference registered hours later. */
async function emergency(desk: Desk, request: Request): Promise<void> {
  const references = request.need.party.map(() => randomUUID());
  const basis = request.need.party.every((age) => age !== 'no') ? 'child-protection' : 'vital-interest';
  await send(desk, request, references, basis);
  const draw = chance(desk.seed, 'register', request.need.nth);
  desk.later(hours(2 + draw.next() * 8), 'register', async () => {
    const token = await desk.token(request.organisation, request.need.requesterRole);
    for (const reference of references) {
      const caseId = randomUUID();
      await call(
        desk.clients.vault,
        'openCase',
        { caseId, services: ['identification-intake'], need: 'safe-accommodation' },
        { token },
      );
      await call(
        desk.clients.vault,
        'registerReference',
        { caseId, reference: { service: 'referral', reference } },
        { token },
      );
      await writeDown(desk, request, caseId);
      const valid = { validFrom: new Date(desk.now() - minutes(1)), validUntil: new Date(desk.now() + DAYS_31) };
      const sections = ['safety', 'health'];
      const duty = {
        caseId,
        basisId: randomUUID(),
        code: 'duty-of-care',
        purpose: 'accommodation',
        sections,
        ...{ controllerId: '', cannotBeAsked: '' },
        ...valid,
      };
      await call(desk.clients.vault, 'recordBasis', duty, { token });
    }
  });
}

/** The case is opened first, the person permits sharing, and the request goes out under the reference of the vault. */
async function prepared(desk: Desk, request: Request): Promise<void> {
  const token = await desk.token(request.organisation, request.need.requesterRole);
  const references: string[] = [];
  for (const _member of request.need.party) {
    const caseId = randomUUID();
    const opening = { caseId, services: ['referral', 'identification-intake'], need: 'safe-accommodation' };
    const opened = await call(desk.clients.vault, 'openCase', opening, { token });
    await writeDown(desk, request, caseId);
    await ground(desk, request, caseId, token);
    references.push(opened.references.find((one) => one.service === 'referral')?.reference ?? '');
    screenLater(desk, request, {
      caseId,
      reference: opened.references.find((one) => one.service === 'identification-intake')?.reference ?? '',
    });
  }
  desk.later(minutes(10), 'request', () => send(desk, request, references, ''));
}

/** Most give their permission; for some a public body has a task by law. */
async function ground(desk: Desk, { need, organisation }: Request, caseId: string, token: string): Promise<void> {
  const valid = { validFrom: new Date(desk.now() - minutes(1)), validUntil: new Date(desk.now() + DAYS_31) };
  const what = { caseId, purpose: 'accommodation', sections: ['identity', 'safety', 'health'], ...valid };
  if (chance(desk.seed, 'ground', need.nth).happens(0.2)) {
    await call(
      desk.clients.vault,
      'recordBasis',
      { ...what, basisId: randomUUID(), code: 'public-task', controllerId: '', cannotBeAsked: '' },
      { token },
    );
    return;
  }
  const receivers = {
    excludedRegions: [...need.excludedRegions],
    excludedOrganisationIds: [],
    organisationIds: [],
    serviceClasses: ['safe-accommodation'],
  };
  const interpreter = !need.languages.includes('en');
  const how = {
    ...spoken,
    language: need.languages[0] ?? 'en',
    interpreter,
    interpreterId: interpreter ? randomUUID() : '',
  };
  const permits = async (permissionId: string) =>
    call(desk.clients.vault, 'grantPermission', { ...what, ...how, permissionId, receivers }, { token });
  const permissionId = randomUUID();
  await permits(permissionId);
  secondThoughts(desk, { caseId, permissionId, organisation, role: need.requesterRole }, need.nth, permits);
}

async function writeDown(desk: Desk, { need, organisation }: Request, caseId: string): Promise<void> {
  const token = await desk.token(organisation, need.requesterRole);
  const person: MadeUp = madeUp(desk.seed, need.nth);
  for (const [section, content] of Object.entries(person)) {
    await call(desk.clients.vault, 'writeSection', { caseId, section, content, corrects: '' }, { token });
  }
}

async function send(
  desk: Desk,
  { need, referralId, organisation }: Request,
  references: readonly string[],
  basis: string,
): Promise<void> {
  const token = await desk.token(organisation, need.requesterRole);
  const { group, region, whereNow, medicalUrgency } = need;
  const party = references.map((caseReference, nth) => ({
    memberId: randomUUID(),
    caseReference,
    underEighteen: ages[need.party[nth] ?? 'no'],
  }));
  await call(
    desk.clients.referral,
    'requestReferral',
    {
      ...{
        referralId,
        urgency: urgencies[need.urgency],
        party,
        basis,
        foundTogetherId: need.foundTogether ?? '',
        replacesReferralId: '',
      },
      need: {
        ...{ need: 'safe-accommodation', group, region, whereNow, medicalUrgency, funding: 'confirmed' },
        ...{
          excludedRegions: [...need.excludedRegions],
          languages: [...need.languages],
          accessibility: [...need.accessibility],
        },
        ...{ care: [...need.care], risks: [...need.risks] },
        wishes: { regions: [...need.wishedRegions], languages: [], specialisms: [] },
      },
    },
    { token },
  );
  desk.accepted.add(referralId);
  const withdraws = drawWithdrawal(desk.seed, need.nth);
  if (withdraws === undefined) return;
  desk.later(withdraws, 'withdraw', () =>
    call(desk.clients.referral, 'withdrawReferral', { referralId, memberId: '', code: 'own-wish' }, { token }),
  );
}

const INDICATORS = [
  'ex-excessive-working-days-or-hours',
  'ex-low-or-no-salary',
  'dr-wages-or-earnings',
  'cr-debt-bondage',
];

interface Known {
  readonly caseId: string;
  readonly reference: string;
}

/** The screening can come after the bed, or never. */
function screenLater(desk: Desk, request: Request, { caseId, reference: caseReference }: Known): void {
  const { need, organisation } = request;
  const draw = chance(desk.seed, 'screening', caseReference);
  if (!draw.happens(0.4)) return;
  const screeningId = draw.uuid();
  desk.later(hours(4 + draw.next() * 30), 'screen', async () => {
    const token = await desk.token(organisation, need.requesterRole);
    const answers = INDICATORS.map((indicator) => ({
      indicator,
      presence: draw.pick([Presence.PRESENT, Presence.ABSENT, Presence.NOT_ASKED]),
    }));
    const age = need.party[0] === 'no' ? AgeAnswer.ADULT : AgeAnswer.CHILD;
    const safety = { speaksFreely: true, inDanger: false };
    const screening = {
      ...{
        screeningId,
        caseReference,
        list: 'ilo-2009',
        age,
        answers,
        basis: 'permission',
        safety,
        sitting: undefined,
      },
    };
    const { result } = await call(desk.clients.intake, 'recordScreening', screening, { token });
    await call(
      desk.clients.intake,
      'concludeScreening',
      { screeningId, conclusion: result, reason: '', noteId: '' },
      { token },
    );
    await refer(desk, request, { caseId, caseReference });
  });
}
