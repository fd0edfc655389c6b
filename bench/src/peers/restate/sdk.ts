import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { pathToFileURL } from 'node:url';

/** The part of `@restatedev/restate-sdk` that the saga uses. The package is fetched, so its own types are not there. */
export interface RestateSdk {
  workflow(definition: {
    readonly name: string;
    readonly handlers: Readonly<Record<string, (context: WorkflowContext) => Promise<void>>>;
  }): object;
  createEndpointHandler(options: {
    readonly services: readonly object[];
  }): (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ) => void;
}

export interface WorkflowContext {
  /** The key of the workflow. */
  readonly key: string;
  /** A step, whose result is stored. */
  run(name: string, step: () => Promise<void>): Promise<void>;
  promise<Value>(name: string): Promise<Value> & { resolve(value: Value): Promise<void> };
}

export const loadSdk = async (file: string): Promise<RestateSdk> =>
  (await import(pathToFileURL(file).href)) as RestateSdk;
