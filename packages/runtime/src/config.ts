import { z } from 'zod';
import { identitySetting } from './identity-settings.ts';

/** Names all settings that are missing or wrong, so that an operator can fix them at once. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/**
 * Reads the process's settings once. `main.ts` is the only caller.
 * @throws ConfigurationError naming every variable that is missing or wrong, never its value.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Record<string, string | undefined> = process.env,
): z.infer<z.ZodObject<Shape>> {
  const read = z.object(shape).safeParse(environment);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigurationError(
    `The service cannot start; ${problems.length} setting(s) to mend:\n${problems.join('\n')}`,
  );
}

/** The settings that every service has. A service may add its own; eight at most altogether. */
export const serviceSettings = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((list) => list.split(',')),
  GRPC_ADDRESS: z.string().regex(/^[^:]+:\d+$/, 'must be host:port'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535),
  COUNTRY_PACK: z.string().min(1),
  IDENTITY: identitySetting,
  CLOCK_FILE: z.string().min(1).optional(),
} as const;

export type ServiceSettings = z.infer<z.ZodObject<typeof serviceSettings>>;
