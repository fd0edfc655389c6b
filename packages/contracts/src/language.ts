import { REFERENCE } from './references.ts';

/** What a build image of `proto/` says about the published language, as far as the checks need it. */
export interface ImageFile {
  readonly name: string;
  readonly package: string;
  readonly messageType?: readonly ImageMessage[];
  readonly service?: readonly ImageService[];
}
interface ImageMessage {
  readonly name: string;
  readonly field?: readonly ImageField[];
}
interface ImageField {
  readonly name: string;
  readonly jsonName?: string;
  /** The message that the field holds: `.opennrm.referral.v1.HoldTerms`. */
  readonly typeName?: string;
  readonly options?: Options;
}
interface ImageService {
  readonly name: string;
  readonly method: readonly { readonly name: string; readonly options?: Options }[];
}
interface Options {
  readonly idempotencyLevel?: string;
  readonly '[opennrm.options.v1.sensitivity]'?: string;
  readonly '[opennrm.options.v1.callable_by]'?: { readonly roles?: readonly string[] };
}

export interface RpcAccess {
  /** Roles as they stand in a token: `provider-staff`. */
  readonly roles: readonly string[];
  /**
   * A command changes something: it needs an idempotency key and its answer is kept. A logged read (`IDEMPOTENT`) is none: each
   * reading is a disclosure of its own, and what was read is kept nowhere.
   */
  readonly command: boolean;
}

/** The fields of each message of an event that hold references, by the names that code reads: what a field is, or the message in it. */
export type References = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Language {
  readonly access: Record<string, RpcAccess>;
  readonly references: References;
  /** Event fields without a sensitivity, and rpcs that do not say who may call them. */
  readonly problems: readonly string[];
}

const roleInToken = (role: string): string =>
  role.replace('ROLE_', '').toLowerCase().replaceAll('_', '-');

const isEnvelope = ({ name }: ImageMessage): boolean =>
  name.startsWith('For') || name === 'ToProvider' || name === 'FromProvider';

function unmarkedFields(file: ImageFile): string[] {
  return (file.messageType ?? [])
    .filter((message) => !isEnvelope(message))
    .flatMap((message) =>
      (message.field ?? [])
        .filter((field) => !field.options?.['[opennrm.options.v1.sensitivity]'])
        .map(
          (field) =>
            `${file.name}: ${message.name}.${field.name} has no sensitivity (reference, code or coarse)`,
        ),
    );
}

function referencesOf(file: ImageFile): [string, Record<string, string>][] {
  return (file.messageType ?? []).map((message) => {
    const fields = (message.field ?? []).flatMap(
      ({ jsonName = '', typeName, options }): [string, string][] => {
        if (typeName?.startsWith('.opennrm.')) return [[jsonName, typeName]];
        const isReference =
          options?.['[opennrm.options.v1.sensitivity]'] === 'SENSITIVITY_REFERENCE';
        return isReference ? [[jsonName, REFERENCE]] : [];
      },
    );
    return [`.${file.package}.${message.name}`, Object.fromEntries(fields)];
  });
}

/** Reads who may call what, and lists every gap. Event files are those named `for_<audience>.proto`, and the two of every provider service. */
export function describeLanguage(files: readonly ImageFile[]): Language {
  const problems: string[] = [];
  const access: Record<string, RpcAccess> = {};
  const references: Record<string, Record<string, string>> = {};
  for (const file of files) {
    if (/\/(for_[a-z_]+|to_provider|from_provider)\.proto$/.test(file.name)) {
      problems.push(...unmarkedFields(file));
      Object.assign(references, Object.fromEntries(referencesOf(file)));
    }
    for (const service of file.service ?? []) {
      for (const method of service.method) {
        const roles = method.options?.['[opennrm.options.v1.callable_by]']?.roles ?? [];
        if (roles.length === 0)
          problems.push(
            `${file.name}: ${service.name}.${method.name} does not say who may call it`,
          );
        access[`/${file.package}.${service.name}/${method.name}`] = {
          roles: roles.map(roleInToken),
          command:
            (method.options?.idempotencyLevel ?? 'IDEMPOTENCY_UNKNOWN') === 'IDEMPOTENCY_UNKNOWN',
        };
      }
    }
  }
  return { access, references, problems };
}
