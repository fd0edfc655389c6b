import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { identification } from './identification.ts';
import { contentOf, readCountryPack } from './load.ts';
import { readStoredPack } from './stored-packs.ts';

interface Process {
  readonly steps: { secondPerson: string[] }[];
  readonly escalation: { ownerRole: string; organisationId?: string }[];
  readonly recovery: { endGrounds: { code: string; label: string }[] };
  readonly dutyToNotify: { fields: string[] };
  readonly pauseGrounds: { waitsFor?: string }[];
  [later: string]: unknown;
}
const processOf = async (name: string): Promise<Process> =>
  (
    JSON.parse(await readFile(`infra/countries/${name}/identification.json`, 'utf8')) as {
      identification: Process;
    }
  ).identification;

/** The problems of a country's process after a change of its data. */
async function problems(edit: (process: Process) => void, name = 'sample'): Promise<string[]> {
  const process = await processOf(name);
  edit(process);
  const read = identification.safeParse(process);
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

describe('a process that withdraws protection', () => {
  it.each(['sample', 'albion', 'islets'])(
    'is refused when one person alone may do so, at any step of %s',
    async (name) => {
      const { steps } = await processOf(name);
      for (const nth of steps.keys()) {
        const one = await problems((process) => process.steps[nth]?.secondPerson.splice(0), name);
        expect(one).toEqual([
          expect.stringContaining(`steps.${nth}.secondPerson: must name disqualified`),
        ]);
      }
    },
  );

  it('ends recovery for the two reasons of the convention and no other', async () => {
    const found = await problems(({ recovery }) =>
      recovery.endGrounds.push({ code: 'will-not-testify', label: 'The person will not testify' }),
    );
    expect(found).toEqual([
      expect.stringContaining('recovery.endGrounds.2.code: must be public-order or'),
    ]);
  });
});

describe('the list of escalation levels', () => {
  it('names the organisation of each level, except when the level is the authority in charge', async () => {
    const [organisation] = ['5a000000-0000-4000-8000-00000000000c'];
    const bare = await problems(({ escalation }) =>
      Reflect.deleteProperty(escalation[1] ?? {}, 'organisationId'),
    );
    const named = await problems(({ escalation }) =>
      Object.assign(escalation[0] ?? {}, { organisationId: organisation }),
    );
    expect(bare).toEqual([expect.stringContaining('escalation.1: must name an organisation')]);
    expect(named).toEqual([expect.stringContaining('escalation.0: must name an organisation')]);
    const silent = await problems(({ escalation }) =>
      Object.assign(escalation[0] ?? {}, { after: '48 h' }),
    );
    expect(silent).toEqual([expect.stringContaining('escalation.0.after: must be 0 h')]);
  });
});

it('a notice cannot require a field that it does not have', async () => {
  expect(await problems(({ dutyToNotify }) => dutyToNotify.fields.push('age-band'))).toEqual([
    expect.stringContaining('dutyToNotify.fields.0: must be gender or nationality'),
  ]);
});

it('the process must limit how long a draft, a pause and a proposed disqualification may be inactive', async () => {
  expect(await problems((process) => Reflect.deleteProperty(process, 'inactive'))).toEqual([
    expect.stringContaining('inactive: '),
  ]);
});

describe('a pack that was stored by an older version', () => {
  it('follows the current law and takes missing rules from the loaded pack, so that its running procedures can be decided', async () => {
    const { content } = await contentOf('infra/countries/sample');
    const process = await processOf('sample');
    for (const later of [
      'inactive',
      'extensionGrounds',
      'notifyPersonWithin',
      'notificationForms',
      'conclusionReasons',
      'labourRights',
    ])
      Reflect.deleteProperty(process, later);
    for (const step of process.steps) step.secondPerson = [];
    for (const level of process.escalation) Reflect.deleteProperty(level, 'organisationId');
    for (const ground of process.pauseGrounds) Reflect.deleteProperty(ground, 'waitsFor');
    process.recovery.endGrounds.push({
      code: 'will-not-testify',
      label: 'The person will not testify',
    });
    process.dutyToNotify.fields.push('age-band');
    const before = { ...content, identification: process };
    expect(readCountryPack(before)).toHaveProperty('problems');
    const read = readStoredPack({ id: 'xs-2025.1-0badcafe', content: before }, content);
    expect(read.identification).toMatchObject({
      steps: [{ secondPerson: ['disqualified'] }, { secondPerson: ['disqualified'] }],
      inactive: { draft: {} },
      dutyToNotify: { fields: [] },
      pauseGrounds: [{ waitsFor: 'informants' }, {}, {}],
      recovery: { endGrounds: [{ code: 'public-order' }, { code: 'status-claimed-improperly' }] },
    });
    expect(read.identification.escalation[1]?.organisationId).toBe(
      '5a000000-0000-4000-8000-00000000000c',
    );
  });

  it('may name a service class by the older name of the field, `need`', async () => {
    const { content } = await contentOf('infra/countries/sample');
    const process = Object.assign(await processOf('sample'), {
      labourRights: { need: 'medical-care' },
    });
    const read = readStoredPack(
      { id: 'xs-2025.1-0badcafe', content: { ...content, identification: process } },
      content,
    );
    expect(read.identification.labourRights).toEqual({ serviceClass: 'medical-care' });
  });

  it('takes the answers that must agree with the referral from the loaded form', async () => {
    const { content } = await contentOf('infra/countries/albion');
    const { mustAgree, ...form } = content.intakeForm as { mustAgree: object };
    const read = readStoredPack(
      { id: 'xa-2025.1-0badcafe', content: { ...content, intakeForm: form } },
      content,
    );
    expect(read.intakeForm?.mustAgree).toEqual(mustAgree);
  });
});
