import { jsonAnswer, type Answer } from '../exchange.js';

/** What is wrong with a request, in WeChat Pay's words. */
export interface ProblemDetail {
  readonly field?: string;
  readonly issue?: string;
  readonly location?: string;
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
  return { ...jsonAnswer(status, { code, message, detail }), code, reason };
}

/** 401: always `SIGN_ERROR`, whatever is wrong with the credentials. */
export function signError(message: string, detail: ProblemDetail): Problem {
  return new Problem({
    status: 401,
    code: 'SIGN_ERROR',
    message,
    detail: { location: 'authorization', ...detail },
    reason: 268443699,
  });
}

/** 400: a parameter is missing, malformed or not one of this endpoint. */
export function paramError(
  { field, location }: { readonly field: string; readonly location: 'path' | 'query' | 'body' },
  issue: string,
): Problem {
  return new Problem({
    status: 400,
    code: 'PARAM_ERROR',
    message: '参数错误',
    detail: { field, issue, location },
    reason: issue === SUPERFLUOUS ? 270924358 : 268435461,
  });
}

/** The issue of a parameter that the endpoint does not have. */
export const SUPERFLUOUS = '多余的参数';

/** 400: the request is not one of APIv3. */
export function invalidRequest(field: string, issue: string): Problem {
  return new Problem({
    status: 400,
    code: 'INVALID_REQUEST',
    message: '无效请求',
    detail: { field, issue, location: 'header' },
    reason: 268435461,
  });
}
