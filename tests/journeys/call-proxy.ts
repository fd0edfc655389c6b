import {
  type Client,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import {
  DirectoryServiceClient,
  DirectoryServiceService,
} from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import {
  ShelterCapacityServiceClient,
  ShelterCapacityServiceService,
} from '@opennrm/contracts/opennrm/shelter_capacity/v1/service.ts';
import { connect } from '@opennrm/runtime';
import type { World } from './world.ts';

export interface CallProxy {
  readonly address: string;
  /** The rpcs that were answered so far, in order; what was to be sent again is not counted. */
  readonly answered: string[];
  stop(): void;
}

interface CallInterceptor {
  /** After so many answers every call fails, as for a program that was stopped. */
  readonly stopsAfter?: number;
  /** Done before a call is passed on. */
  readonly before?: (rpc: string) => Promise<unknown>;
}

/** Stands between an import and the services that it calls, passes each call on as it came, and can stop after any of them. */
export async function startCallProxy(world: World, between: CallInterceptor): Promise<CallProxy> {
  const { service } = world.platform;
  const server = new Server();
  const answered: string[] = [];
  const advanceTime = passing(between, answered);
  const targets = [
    connect(DirectoryServiceClient, service('referral').grpcAddress),
    connect(ShelterCapacityServiceClient, service('shelter-capacity').grpcAddress),
  ] as const;
  server.addService(...advanceTime(DirectoryServiceService, targets[0]));
  server.addService(...advanceTime(ShelterCapacityServiceService, targets[1]));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    address: `127.0.0.1:${port}`,
    answered,
    stop: () => {
      for (const target of targets) target.close();
      server.forceShutdown();
    },
  };
}

const rawBytes = (bytes: Buffer): Buffer => bytes;
const stopped: Partial<ServiceError> = {
  code: status.ABORTED,
  details: 'the import was stopped here',
};

const passing =
  (
    { stopsAfter = Number.POSITIVE_INFINITY, before = async () => undefined }: CallInterceptor,
    answered: string[],
  ) =>
  (
    definition: ServiceDefinition,
    target: Client,
  ): [ServiceDefinition, UntypedServiceImplementation] => {
    const raw: Record<string, ServiceDefinition[string]> = {};
    const passed: UntypedServiceImplementation = {};
    for (const [rpc, method] of Object.entries(definition)) {
      raw[rpc] = { ...method, requestDeserialize: rawBytes, responseSerialize: rawBytes };
      const handle: handleUnaryCall<Buffer, Buffer> = async ({ request, metadata }, answer) => {
        if (answered.length >= stopsAfter) return answer(stopped);
        await before(rpc);
        target.makeUnaryRequest(
          method.path,
          rawBytes,
          rawBytes,
          request,
          metadata,
          (error, response) => {
            if (error?.code !== status.UNAVAILABLE) answered.push(rpc);
            answer(error, response);
          },
        );
      };
      passed[rpc] = handle;
    }
    return [raw, passed];
  };
