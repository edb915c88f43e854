import { jsonAnswer, type Answer } from '../http/exchange.js';

/** What is wrong with a request, in WeChat Pay's words. */
export interface ProblemDetail {
  readonly field?: string;
  readonly issue?: string;
  readonly location?: string | null;
  readonly [extra: string]: unknown;
}

/** A refusal of APIv3. */
export interface ProblemShape {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly detail?: ProblemDetail;
  /** The number at the end of `Request-ID`. */
  readonly reason?: number;
}

/** Thrown wherever a request turns out to be refused; ends in {@link problemAnswer}. */
export class Problem extends Error {
  readonly shape: ProblemShape;

  constructor(shape: ProblemShape) {
    super(`${shape.status} ${shape.code}`);
    this.shape = shape;
  }
}

/** The official error shape. */
export function problemAnswer({ status, code, message, detail, reason }: ProblemShape): Answer {
  return { ...jsonAnswer(status, { code, detail, message }), code, reason };
}

/** 401: always `SIGN_ERROR`, whatever is wrong with the credentials. What is wrong stands in the inner `detail`. */
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

/** 400: the request is not one of APIv3. WeChat Pay says so in words only. */
export function invalidRequest(message: string): Problem {
  return new Problem({ status: 400, code: 'INVALID_REQUEST', message, reason: 268435461 });
}
