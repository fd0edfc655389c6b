import { randomUUID } from 'node:crypto';
import { UnderEighteen, Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { hours, minutes } from '@opennrm/runtime/decision';
import { drawWithdrawal } from '../behaviour.ts';
import { call } from '../call.ts';
import { chance } from '../chance.ts';
import type { SyntheticNeed } from '../people.ts';
import type { Simulation } from '../simulation.ts';
import { type SyntheticFile, syntheticFile } from '../synthetic-file.ts';
import type { Request } from './request.ts';
import { screenLater } from './screen-later.ts';
import { consentDetails, planWithdrawal } from './withdrawals.ts';

const urgencies = {
  emergency: Urgency.EMERGENCY,
  urgent: Urgency.URGENT,
  planned: Urgency.PLANNED,
} as const;
const ages = {
  no: UnderEighteen.NO,
  yes: UnderEighteen.YES,
  unsure: UnderEighteen.UNSURE,
} as const;
const DAYS_31 = hours(31 * 24);

/** Schedules the requests of all people, each at the time when they need a place. */
export function planRequests(
  simulation: Simulation,
  needs: readonly SyntheticNeed[],
  organisations: readonly string[],
): Request[] {
  return needs.map((need) => {
    const draw = chance(simulation.seed, 'request', need.nth);
    const request = { need, referralId: draw.uuid(), organisation: draw.pick(organisations) };
    simulation.schedule(need.arrivesAt - simulation.now(), 'request', () =>
      need.urgency === 'emergency' ? emergency(simulation, request) : prepared(simulation, request),
    );
    return request;
  });
}

/** A bed before a form: the caller makes the reference; the case is opened and the reference is registered hours later. */
async function emergency(simulation: Simulation, request: Request): Promise<void> {
  const references = request.need.party.map(() => randomUUID());
  const basis = request.need.party.every((age) => age !== 'no')
    ? 'child-protection'
    : 'vital-interest';
  await send(simulation, request, references, basis);
  const draw = chance(simulation.seed, 'register', request.need.nth);
  simulation.schedule(hours(2 + draw.next() * 8), 'register', async () => {
    const token = await simulation.token(request.organisation, request.need.requesterRole);
    for (const reference of references) {
      const caseId = randomUUID();
      await call(
        simulation.clients.vault,
        'openCase',
        { caseId, services: ['identification-intake'], need: 'safe-accommodation' },
        { token },
      );
      await call(
        simulation.clients.vault,
        'registerReference',
        { caseId, reference: { service: 'referral', reference } },
        { token },
      );
      await writeSections(simulation, request, caseId);
      const valid = {
        validFrom: new Date(simulation.now() - minutes(1)),
        validUntil: new Date(simulation.now() + DAYS_31),
      };
      const sections = ['safety', 'health'];
      const duty = {
        caseId,
        basisId: randomUUID(),
        code: 'duty-of-care',
        purpose: 'accommodation',
        sections,
        controllerId: '',
        cannotAskReason: '',
        ...valid,
      };
      await call(simulation.clients.vault, 'recordBasis', duty, { token });
    }
  });
}

/** The case is opened first, the person permits sharing, and the request uses the reference that the vault made. */
async function prepared(simulation: Simulation, request: Request): Promise<void> {
  const token = await simulation.token(request.organisation, request.need.requesterRole);
  const references: string[] = [];
  for (const _member of request.need.party) {
    const caseId = randomUUID();
    const opening = {
      caseId,
      services: ['referral', 'identification-intake'],
      need: 'safe-accommodation',
    };
    const opened = await call(simulation.clients.vault, 'openCase', opening, { token });
    await writeSections(simulation, request, caseId);
    await recordPermissionOrBasis(simulation, request, caseId, token);
    references.push(opened.references.find((one) => one.service === 'referral')?.reference ?? '');
    screenLater(simulation, request, {
      caseId,
      reference:
        opened.references.find((one) => one.service === 'identification-intake')?.reference ?? '',
    });
  }
  simulation.schedule(minutes(10), 'request', () => send(simulation, request, references, ''));
}

/** Most people give their permission; for some there is the legal basis `public-task`. */
async function recordPermissionOrBasis(
  simulation: Simulation,
  { need, organisation }: Request,
  caseId: string,
  token: string,
): Promise<void> {
  const valid = {
    validFrom: new Date(simulation.now() - minutes(1)),
    validUntil: new Date(simulation.now() + DAYS_31),
  };
  const what = {
    caseId,
    purpose: 'accommodation',
    sections: ['identity', 'safety', 'health'],
    ...valid,
  };
  if (chance(simulation.seed, 'ground', need.nth).happens(0.2)) {
    await call(
      simulation.clients.vault,
      'recordBasis',
      {
        ...what,
        basisId: randomUUID(),
        code: 'public-task',
        controllerId: '',
        cannotAskReason: '',
      },
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
    ...consentDetails,
    language: need.languages[0] ?? 'en',
    interpreter,
    interpreterId: interpreter ? randomUUID() : '',
  };
  const permits = async (permissionId: string) =>
    call(
      simulation.clients.vault,
      'grantPermission',
      { ...what, ...how, permissionId, receivers },
      { token },
    );
  const permissionId = randomUUID();
  await permits(permissionId);
  planWithdrawal(
    simulation,
    { caseId, permissionId, organisation, role: need.requesterRole },
    need.nth,
    permits,
  );
}

async function writeSections(
  simulation: Simulation,
  { need, organisation }: Request,
  caseId: string,
): Promise<void> {
  const token = await simulation.token(organisation, need.requesterRole);
  const person: SyntheticFile = syntheticFile(simulation.seed, need.nth);
  for (const [section, content] of Object.entries(person)) {
    await call(
      simulation.clients.vault,
      'writeSection',
      { caseId, section, content, corrects: '' },
      { token },
    );
  }
}

async function send(
  simulation: Simulation,
  { need, referralId, organisation }: Request,
  references: readonly string[],
  basis: string,
): Promise<void> {
  const token = await simulation.token(organisation, need.requesterRole);
  const { group, region, whereNow, medicalUrgency } = need;
  const party = references.map((caseReference, nth) => ({
    memberId: randomUUID(),
    caseReference,
    underEighteen: ages[need.party[nth] ?? 'no'],
  }));
  await call(
    simulation.clients.referral,
    'requestReferral',
    {
      referralId,
      urgency: urgencies[need.urgency],
      party,
      basis,
      foundTogetherId: need.foundTogether ?? '',
      replacesReferralId: '',
      need: {
        need: 'safe-accommodation',
        group,
        region,
        whereNow,
        medicalUrgency,
        funding: 'confirmed',
        excludedRegions: [...need.excludedRegions],
        languages: [...need.languages],
        accessibility: [...need.accessibility],
        care: [...need.care],
        risks: [...need.risks],
        wishes: { regions: [...need.wishedRegions], languages: [], specialisms: [] },
      },
    },
    { token },
  );
  simulation.accepted.add(referralId);
  const withdraws = drawWithdrawal(simulation.seed, need.nth);
  if (withdraws === undefined) return;
  simulation.schedule(withdraws, 'withdraw', () =>
    call(
      simulation.clients.referral,
      'withdrawReferral',
      { referralId, memberId: '', code: 'own-wish' },
      { token },
    ),
  );
}
