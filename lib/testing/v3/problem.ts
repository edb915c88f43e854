import { jsonReply, type DraftReply } from '../http/exchange.js';

/** Details of a refusal, in WeChat Pay's words. */
export interface ProblemDetail {
  readonly field?: string | undefined;
  readonly issue?: string | undefined;
  readonly location?: string | null | undefined;
  readonly [extra: string]: unknown;
}

/** APIv3 refusal. */
export interface ProblemShape {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly detail?: ProblemDetail;
  /** Number at the end of `Request-ID`. */
  readonly reason?: number;
}

/** Refusal of a request, converted to a reply by {@link problemReply}. */
export class Problem extends Error {
  readonly shape: ProblemShape;

  constructor(shape: ProblemShape) {
    super(`${shape.status} ${shape.code}`);
    this.shape = shape;
  }
}

/** Creates the reply for a refusal, in the official format. */
export function problemReply({ status, code, message, detail, reason }: ProblemShape): DraftReply {
  return { ...jsonReply(status, { code, detail, message }), code, reason };
}

/** Creates a 401. The code is always `SIGN_ERROR`; the inner `detail` contains the cause. */
export function signError(
  message: string,
  {
    field,
    issue,
    ...extra
  }: { readonly field: string; readonly issue: string; readonly [extra: string]: unknown },
): Problem {
  return new Problem({
    status: 401,
    code: 'SIGN_ERROR',
    message,
    detail: { detail: { issue }, field, location: 'authorization', ...extra },
    reason: 268443699,
  });
}

/** Creates a 400 for a request that is not valid in APIv3. WeChat Pay explains it in words only. */
export function invalidRequest(message: string): Problem {
  return new Problem({ status: 400, code: 'INVALID_REQUEST', message, reason: 268435461 });
}
