import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Any } from '@opennrm/contracts/google/protobuf/any.ts';
import { BadRequest, ErrorInfo, RetryInfo } from '@opennrm/contracts/google/rpc/error_details.ts';
import { Status } from '@opennrm/contracts/google/rpc/status.ts';
import type { Refused } from './answer.ts';

/** A call that ends without an answer: a gRPC status with google.rpc details and no personal data. */
export class CallFailure
  extends Error
  implements Pick<ServiceError, 'code' | 'details' | 'metadata'>
{
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: status, message: string, details: readonly Any[] = []) {
    super(message);
    this.code = code;
    this.details = message;
    this.metadata = new Metadata();
    if (details.length > 0) {
      const packed = Status.encode({ code, message, details: [...details] }).finish();
      this.metadata.set('grpc-status-details-bin', Buffer.from(packed));
    }
  }
}

const detail = (type: string, bytes: Uint8Array): Any => ({
  typeUrl: `type.googleapis.com/google.rpc.${type}`,
  value: Buffer.from(bytes),
});

/** The only table from refusals to statuses. Every refusal that is not listed is FAILED_PRECONDITION. */
const statusOfRefusal: Readonly<Record<string, status>> = {
  'not-found': status.NOT_FOUND,
  'key-reused': status.ALREADY_EXISTS,
  'already-exists': status.ALREADY_EXISTS,
  'wrong-role': status.PERMISSION_DENIED,
  'desk-not-held': status.PERMISSION_DENIED,
  'not-known-yet': status.UNAVAILABLE,
  'too-many': status.RESOURCE_EXHAUSTED,
  'unknown-code': status.INVALID_ARGUMENT,
  'form-answer-wrong': status.INVALID_ARGUMENT,
};

/** @param domain the domain of the service, `<name>.opennrm`. */
export function refusalStatus(
  { refusal, field, problems = [] }: Omit<Refused, 'kind'>,
  domain: string,
): CallFailure {
  const code = statusOfRefusal[refusal] ?? status.FAILED_PRECONDITION;
  const reason = refusal.toUpperCase().replaceAll('-', '_');
  const details = [
    detail(
      'ErrorInfo',
      ErrorInfo.encode({ reason, domain, metadata: field ? { field } : {} }).finish(),
    ),
  ];
  if (code === status.UNAVAILABLE) details.push(retryAfter(1));
  if (problems.length > 0) details.push(violations(problems));
  const message = field ? `${refusal}: ${field}` : refusal;
  return new CallFailure(code, [message, ...problems.map(problemText)].join('; '), details);
}

export interface FieldProblem {
  readonly field: string;
  readonly rule: string;
}

/** INVALID_ARGUMENT that names each field and the rule that it violates, never its content. */
export function badRequest(problems: readonly FieldProblem[]): CallFailure {
  return new CallFailure(status.INVALID_ARGUMENT, problems.map(problemText).join('; '), [
    violations(problems),
  ]);
}

const problemText = ({ field, rule }: FieldProblem): string => `${field}: ${rule}`;

const violations = (problems: readonly FieldProblem[]): Any =>
  detail(
    'BadRequest',
    BadRequest.encode({
      fieldViolations: problems.map(({ field, rule }) => ({
        field,
        description: rule,
        reason: '',
      })),
    }).finish(),
  );

const retryAfter = (seconds: number): Any =>
  detail(
    'RetryInfo',
    RetryInfo.encode({ retryDelay: { seconds: BigInt(seconds), nanos: 0 } }).finish(),
  );

/** The service cannot answer now. The same call may be sent again with the same key. */
export const unavailable = (): CallFailure =>
  new CallFailure(
    status.UNAVAILABLE,
    'not available right now: send the same call again with the same idempotency-key',
    [retryAfter(1)],
  );

export const unauthenticated = (): CallFailure =>
  new CallFailure(
    status.UNAUTHENTICATED,
    'authorization: a valid token is needed (Bearer, from the issuer of this platform)',
  );

export const wrongRole = (rpcRoles: readonly string[]): CallFailure =>
  new CallFailure(status.PERMISSION_DENIED, `wrong-role: this call is for ${rpcRoles.join(', ')}`, [
    detail(
      'ErrorInfo',
      ErrorInfo.encode({ reason: 'WRONG_ROLE', domain: 'opennrm', metadata: {} }).finish(),
    ),
  ]);

export const tooMany = (): CallFailure =>
  new CallFailure(
    status.RESOURCE_EXHAUSTED,
    'too-many: this organisation sends more calls a second than the limit; wait and send again',
    [retryAfter(1)],
  );
