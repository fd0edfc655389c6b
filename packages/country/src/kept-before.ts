type Content = Readonly<Record<string, unknown>>;

interface Coded {
  readonly code: string;
}
/** The part of a pack about the formal process, as loosely as an older version may have said it. */
interface Procedure {
  readonly steps?: readonly { readonly secondPerson: readonly string[] }[];
  readonly pauseGrounds?: readonly Coded[];
  readonly suspensionGrounds?: readonly Coded[];
  readonly escalation?: readonly { readonly ownerRole: string; readonly organisationId?: string }[];
  readonly recovery?: { readonly endGrounds: readonly Coded[] };
  readonly dutyToNotify?: { readonly fields: readonly string[] };
}

interface Form {
  readonly binds?: unknown;
}

const LAWFUL_ENDS = ['public-order', 'status-claimed-improperly'];
const SAID_IN_NOTICE = ['gender', 'nationality'];

/**
 * A pack that was kept before decision 0022, completed: what runs under it must still be decided. What it does not say at all is read from the pack
 * that is loaded now; what it says too loosely is read as the law has it.
 */
export function completed(kept: Content, loaded: Content): Content {
  const [before, now] = [kept.identification as Procedure, loaded.identification as Procedure];
  if (!before || !now) return kept;
  const intakeForm = kept.intakeForm && { binds: (loaded.intakeForm as Form | undefined)?.binds, ...kept.intakeForm };
  return { ...kept, identification: { ...now, ...before, ...tightened(before, now) }, intakeForm };
}

function tightened(before: Procedure, now: Procedure) {
  return {
    steps: before.steps?.map((step) => ({
      ...step,
      secondPerson: [...new Set([...step.secondPerson, 'disqualified'])],
    })),
    pauseGrounds: before.pauseGrounds?.map((ground) => ({ waitsFor: 'informants', ...ground })),
    suspensionGrounds: before.suspensionGrounds?.map((ground) => ({ waitsFor: 'court', ...ground })),
    extensionGrounds: 'extensionGrounds' in before ? before.extensionGrounds : before.pauseGrounds,
    escalation: before.escalation?.map((rung) => ({ ...bodyOf(rung.ownerRole, now), ...rung })),
    recovery: before.recovery && {
      ...before.recovery,
      endGrounds: before.recovery.endGrounds.filter(({ code }) => LAWFUL_ENDS.includes(code)),
    },
    dutyToNotify: before.dutyToNotify && {
      ...before.dutyToNotify,
      fields: before.dutyToNotify.fields.filter((field) => SAID_IN_NOTICE.includes(field)),
    },
  };
}

/** Whoever is told in that role today. */
function bodyOf(ownerRole: string, { escalation = [] }: Procedure): { readonly organisationId?: string } {
  const rung = escalation.find((one) => one.ownerRole === ownerRole);
  return rung?.organisationId === undefined ? {} : { organisationId: rung.organisationId };
}
