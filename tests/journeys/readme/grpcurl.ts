/**
 * A substitute for the tool that the README names, so that its commands run unchanged on a machine without it: the same flags, the same JSON.
 * The fixed addresses of `npm start` become those of this run (`ADDRESSES`, as JSON).
 */
import { parseArgs } from 'node:util';
import { type Client, credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

type Send = (
  request: unknown,
  metadata: Metadata,
  done: (error: Error | null, answer: unknown) => void,
) => void;
type Constructor = new (address: string, security: unknown) => Client & Record<string, Send>;

const { values, positionals } = parseArgs({
  args: process.argv
    .slice(2)
    .map((one) => one.replace(/^-(?=plaintext$|import-path$|proto$)/, '--')),
  allowPositionals: true,
  options: {
    plaintext: { type: 'boolean' },
    'import-path': { type: 'string' },
    proto: { type: 'string' },
    header: { type: 'string', short: 'H', multiple: true },
    data: { type: 'string', short: 'd' },
  },
});
const [address = '', path = ''] = positionals;
const [serviceName = '', method = ''] = path.split('/');

const addresses = JSON.parse(process.env.ADDRESSES ?? '{}') as Record<string, string>;
const metadata = new Metadata();
for (const header of values.header ?? []) {
  const [, name = '', value = ''] = header.match(/^([^:]+): (.*)$/) ?? [];
  metadata.set(name, value);
}

const definition = loadSync(values.proto ?? '', {
  includeDirs: [values['import-path'] ?? ''],
  enums: String,
});
const found = serviceName
  .split('.')
  .reduce<unknown>(
    (inside, name) => (inside as Record<string, unknown>)[name],
    loadPackageDefinition(definition),
  );
const client = new (found as Constructor)(
  addresses[address] ?? address,
  credentials.createInsecure(),
);

/** The JSON form of protobuf: field names in camel case or with underscores, times as text. */
function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return timestampOr(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [camel(name), fromJson(one)]),
  );
}

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

const timestampOr = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
    ? { seconds: Math.floor(Date.parse(value) / 1_000), nanos: 0 }
    : value;

client[method]?.(fromJson(JSON.parse(values.data ?? '{}')), metadata, (error, answer) => {
  client.close();
  process.stdout.write(`${error ? `ERROR: ${error.message}` : JSON.stringify(answer, null, 2)}\n`);
  process.exitCode = error ? 1 : 0;
});
