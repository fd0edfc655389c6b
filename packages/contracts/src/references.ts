/** In the generated list, marks a field that is a reference itself; other fields name the type of a nested message. */
export const REFERENCE = 'reference';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type References = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Finds the first reference of a decoded message that is not a UUID in small letters. Returns the name of its field, never its content;
 * undefined when there is none. An empty field (proto3: omitted) is left to the handler.
 */
export function findMalformedReference(
  references: References,
  message: string,
  value: unknown,
): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, kind] of Object.entries(references[message] ?? {})) {
    const content = (value as Record<string, unknown>)[name];
    for (const one of Array.isArray(content) ? content : [content]) {
      const wrong =
        kind === REFERENCE
          ? malformedReferenceField(name, one)
          : findMalformedReference(references, kind, one);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

const malformedReferenceField = (name: string, text: unknown): string | undefined =>
  typeof text !== 'string' || text === '' || UUID.test(text) ? undefined : name;
