import { FromProvider } from '../gen/opennrm/capacity/v1/from_provider.ts';
import { ToProvider } from '../gen/opennrm/capacity/v1/to_provider.ts';
import { ForIdentificationIntake as VaultForIntake } from '../gen/opennrm/case_vault/v1/for_identification_intake.ts';
import { ForReferral as VaultForReferral } from '../gen/opennrm/case_vault/v1/for_referral.ts';
import { ForCaseVault as IntakeForVault } from '../gen/opennrm/identification_intake/v1/for_case_vault.ts';
import { ForCaseVault as ReferralForVault } from '../gen/opennrm/referral/v1/for_case_vault.ts';
import { ForCaseVault as ShelterForVault } from '../gen/opennrm/shelter_capacity/v1/for_case_vault.ts';

import { references } from '../gen/references.ts';
import { findMalformedReference } from './references.ts';

interface Envelope<Event> {
  event?: Event | undefined;
}
interface Codec<Message> {
  encode(message: Message): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

/** A topic with one message type that has a `oneof` of its events: its owner, its audience and its number of partitions. */
export interface TopicOf<Event extends { readonly $case: string }> {
  readonly name: string;
  readonly owner: string;
  readonly audience: string;
  /** The proto package of its events, e.g. `opennrm.case_vault.v1`. */
  readonly package: string;
  /** The message with the `oneof` of its events, e.g. `ForReferral`. */
  readonly envelope: string;
  readonly partitions: number;
  encode(event: Event): Uint8Array;
  /**
   * Undefined for an event that this version does not know. Throws when the bytes are not the message, and when a reference is not a UUID
   * in small letters: the reader would compare, lock and store it under another name than the owner does.
   */
  decode(bytes: Uint8Array): Event | undefined;
}

const PARTITIONS = 6;

const packageOf = (owner: string): string => `opennrm.${owner.replaceAll('-', '_')}.v1`;
const pascal = (audience: string): string =>
  audience.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase());
const contentOf = (event: object): unknown => ('value' in event ? event.value : undefined);

function topic<Event extends { readonly $case: string }>(
  owner: string,
  audience: string,
  codec: Codec<Envelope<Event>>,
  {
    protoPackage = packageOf(owner),
    envelope = `For${pascal(audience)}`,
  }: { readonly protoPackage?: string; readonly envelope?: string } = {},
): TopicOf<Event> {
  return {
    name: `opennrm.${owner}.${audience}.v1`,
    owner,
    audience,
    package: protoPackage,
    envelope,
    partitions: PARTITIONS,
    encode: (event) => codec.encode({ event }).finish(),
    decode(bytes) {
      const message = codec.decode(bytes);
      const malformedField =
        message.event &&
        findMalformedReference(references, `.${protoPackage}.${envelope}`, {
          [message.event.$case]: contentOf(message.event),
        });
      if (malformedField !== undefined)
        throw new Error(`${malformedField}: must be a UUID in small letters`);
      return message.event;
    },
  };
}

/** One contract for every provider service: each has a topic of its own, and all have these events. */
const toProvider = { protoPackage: 'opennrm.capacity.v1', envelope: 'ToProvider' };
const fromProvider = { protoPackage: 'opennrm.capacity.v1', envelope: 'FromProvider' };

/** Every topic of the platform: one for each owner and audience. */
export const topics = {
  referralForShelterCapacity: topic('referral', 'shelter-capacity', ToProvider, toProvider),
  referralForCaseVault: topic('referral', 'case-vault', ReferralForVault),
  shelterCapacityForReferral: topic('shelter-capacity', 'referral', FromProvider, fromProvider),
  shelterCapacityForCaseVault: topic('shelter-capacity', 'case-vault', ShelterForVault),
  caseVaultForReferral: topic('case-vault', 'referral', VaultForReferral),
  caseVaultForIdentificationIntake: topic('case-vault', 'identification-intake', VaultForIntake),
  identificationIntakeForCaseVault: topic('identification-intake', 'case-vault', IntakeForVault),
} as const;

/** The two topics between `referral` and each provider service. `directory` has none: it is a module inside `referral`. */
export const providerTopics = {
  'shelter-capacity': {
    toProvider: topics.referralForShelterCapacity,
    fromProvider: topics.shelterCapacityForReferral,
  },
} as const;

/** @throws Error for a name that is no provider service: its messages would be lost in silence. */
export function providerTopicsOf(
  service: string,
): (typeof providerTopics)[keyof typeof providerTopics] {
  if (Object.hasOwn(providerTopics, service))
    return providerTopics[service as keyof typeof providerTopics];
  throw new Error(`${service} is no provider service with topics`);
}

/** The events of a topic, as its reader receives them. */
export type EventOf<Topic> = Topic extends TopicOf<infer Event> ? Event : never;
