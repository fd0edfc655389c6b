import { REFERENCE } from './references.ts';

/** The parts of a build image of `proto/` that the checks need. */
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
  /** The message type of the field: `.opennrm.referral.v1.HoldTerms`. */
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
  /** Roles as in a token: `provider-staff`. */
  readonly roles: readonly string[];
  /**
   * A command changes something: it needs an idempotency key, and its answer is stored. A logged read (`IDEMPOTENT`) is not a command:
   * each read is a disclosure, and its content is not stored.
   */
  readonly command: boolean;
}

/**
 * The reference fields of each message of an event, by the property names in code. The value is `reference`, or the type of a nested
 * message.
 */
export type References = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Language {
  readonly access: Record<string, RpcAccess>;
  readonly references: References;
  /** Event fields without a sensitivity, and rpcs without an access rule. */
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

/** Reads the access rules and lists every problem. Event files are named `for_<audience>.proto`, or are the two of the provider services. */
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
            `${file.name}: ${service.name}.${method.name} has no access rule (callable_by)`,
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
