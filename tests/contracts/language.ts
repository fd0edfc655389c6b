import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { type TopicOf, topics } from '@opennrm/contracts/topics';

/** An event in its decoded form. */
export interface AnyEvent {
  readonly $case: string;
  readonly value: unknown;
}

/** Every topic, with the common type of all events. */
export const everyTopic = Object.values(topics) as unknown as readonly TopicOf<AnyEvent>[];

/** A field of a message, as the build image describes it. */
export interface Field {
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  readonly type: string;
  readonly typeName?: string;
  readonly label?: string;
  readonly options?: { readonly '[opennrm.options.v1.sensitivity]'?: string };
}
export interface Message {
  readonly name: string;
  readonly field?: readonly Field[];
}
interface Method {
  readonly name: string;
  readonly inputType: string;
}
interface ProtoFile {
  readonly name: string;
  readonly package?: string;
  readonly messageType?: readonly Message[];
  readonly service?: readonly { readonly name: string; readonly method: readonly Method[] }[];
}

/** Runs `buf` of this repository. @throws its output when it fails. */
export function buf(args: readonly string[], cwd = '.'): Buffer {
  const bin = resolve('node_modules', '.bin');
  return execFileSync(`${bin}/buf`, args, {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const files = (): readonly ProtoFile[] =>
  (JSON.parse(buf(['build', '-o', '-#format=json']).toString()) as { file: readonly ProtoFile[] })
    .file;

/** Every current message of the published language, by its full name (`.opennrm.referral.v1.HoldTerms`). */
const readLanguage = (): ReadonlyMap<string, Message> =>
  new Map(
    files().flatMap((one) =>
      (one.messageType ?? []).map(
        (message) => [`.${one.package}.${message.name}`, message] as const,
      ),
    ),
  );

/** The request message of each rpc, by its path (`/opennrm.referral.v1.ReferralService/AcceptOffer`). */
export const requestTypes = (): ReadonlyMap<string, string> =>
  new Map(
    files().flatMap((file) =>
      (file.service ?? []).flatMap((service) =>
        service.method.map(
          (method) =>
            [`/${file.package}.${service.name}/${method.name}`, method.inputType] as const,
        ),
      ),
    ),
  );

/** @throws where there is no such message. */
export function messageNamed(typeName: string): Message {
  const message = now().get(typeName);
  if (!message) throw new Error(`${typeName} is not in the published language`);
  return message;
}

const MOMENT = '.google.protobuf.Timestamp';
const EPOCH = Date.UTC(2026, 2, 2, 12);
const MINUTE = 60_000;

/** An id made from a hash: always the same for the same name. */
function idNamed(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** A value for a field that is not its default, because default values are not encoded. */
function sampleOf(
  language: ReadonlyMap<string, Message>,
  path: string,
  field: Field,
  nth: number,
): unknown {
  switch (field.type) {
    case 'TYPE_STRING':
      return field.options?.['[opennrm.options.v1.sensitivity]'] === 'SENSITIVITY_REFERENCE'
        ? idNamed(`${path}/${nth}`)
        : `${field.name.replaceAll('_', '-')}-${nth}`;
    case 'TYPE_BOOL':
      return true;
    case 'TYPE_UINT32':
    case 'TYPE_INT32':
    case 'TYPE_ENUM':
      return field.type === 'TYPE_ENUM' ? 1 : 200 + field.number;
    case 'TYPE_MESSAGE':
      return field.typeName === MOMENT
        ? new Date(EPOCH + field.number * MINUTE)
        : sampleMessage(language, path, field.typeName ?? '');
    default:
      throw new Error(
        `${path}: add a sample value of ${field.type} to tests/contracts/language.ts`,
      );
  }
}

function sampleMessage(
  language: ReadonlyMap<string, Message>,
  path: string,
  typeName: string,
): unknown {
  const message = language.get(typeName);
  if (!message) throw new Error(`${path}: ${typeName} is not in the published language`);
  return Object.fromEntries(
    (message.field ?? []).map((field) => {
      const at = `${path}.${field.name}`;
      const sample = (nth: number) => sampleOf(language, at, field, nth);
      return [
        field.jsonName,
        field.label === 'LABEL_REPEATED' ? [sample(1), sample(2)] : sample(1),
      ];
    }),
  );
}

/** Each event of a topic, with every field filled, in the order of the event's number. */
export function samplesOf(topic: Pick<TopicOf<AnyEvent>, 'package' | 'envelope'>): AnyEvent[] {
  const envelope = `.${topic.package}.${topic.envelope}`;
  const events = now().get(envelope)?.field;
  if (!events || events.length === 0) throw new Error(`${envelope} has no events`);
  return events.map(({ jsonName, typeName = '' }) => ({
    $case: jsonName,
    value: sampleMessage(now(), typeName, typeName),
  }));
}

let read: ReadonlyMap<string, Message> | undefined;
function now(): ReadonlyMap<string, Message> {
  read ??= readLanguage();
  return read;
}
