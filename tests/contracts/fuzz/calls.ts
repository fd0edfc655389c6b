import {
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { access } from '@opennrm/contracts/access';

export interface Caller {
  readonly person: string;
  readonly organisation: string;
  readonly role: string;
}

export const rolesOf = (path: string): readonly string[] =>
  access[path as keyof typeof access].roles;

/** Deadline of a call. A call that reaches it is a fault. */
const HANGS_MS = 20_000;

const asIs = (bytes: Buffer): Buffer => bytes;

/** Sends bytes as the request of an rpc. @returns how the call ended; a stream ends with its first answer. */
export function send(
  client: Client,
  { path, requestStream, responseStream }: MethodDefinition<unknown, unknown>,
  bytes: Buffer,
  { person, organisation, role }: Caller,
  key: string,
): Promise<{ readonly code: status; readonly details: string }> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${person} ${organisation} ${role}`);
  metadata.set('idempotency-key', key);
  const options = { deadline: Date.now() + HANGS_MS };
  return new Promise((resolve) => {
    const failed = ({ code, details }: ServiceError): void => resolve({ code, details });
    const done = (): void => resolve({ code: status.OK, details: '' });
    if (!requestStream && !responseStream) {
      client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, options, (error) =>
        error ? failed(error) : done(),
      );
      return;
    }
    const both = requestStream
      ? client.makeBidiStreamRequest(path, asIs, asIs, metadata, options)
      : undefined;
    const stream =
      both ?? client.makeServerStreamRequest(path, asIs, asIs, bytes, metadata, options);
    stream.on('error', failed);
    stream.on('end', done);
    stream.on('data', () => {
      done();
      stream.cancel();
    });
    both?.write(bytes);
    both?.end();
  });
}

export const clientOf = (address: string): Client =>
  new Client(address, credentials.createInsecure());
