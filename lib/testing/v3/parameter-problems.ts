import { fieldLabel } from './field-labels.js';
import { Problem, type ProblemDetail } from './problem.js';

/** Position of a parameter: the part of the request, and a JSON pointer within it, such as `/amount/total`. */
export interface Place {
  readonly location: 'uri_template' | 'query' | 'body';
  readonly pointer: string;
}

/** Number at the end of `Request-ID` for an invalid parameter. */
const WRONG = 268435461;
/** The same for an unknown parameter. */
const SUPERFLUOUS = 270924358;

/** Refuses a missing parameter. */
export function missingParameter(place: Place): Problem {
  const text = `${source(place)}映射到字段“${label(place)}”必填性规则校验失败，此字段为必填项`;
  return paramError(text, { location: place.location, value: '' });
}

/** Refuses unknown parameters. */
export function undefinedParameters(places: readonly Place[]): Problem {
  const detail = { location: null, value: places.map(fullPointer) };
  return paramError('请求中含有未在API文档中定义的参数', detail, SUPERFLUOUS);
}

/**
 * Refuses a string shorter than `min` or longer than `max`. `detail.value` is its length, as in WeChat Pay. The official wording
 * counts bytes (字节数); it is kept for texts, which are measured in characters.
 */
export function wrongLength(
  place: Place,
  length: number,
  { min, max }: { min: number; max: number },
): Problem {
  const limit = length < min ? `小于最小值 ${min}` : `大于最大值 ${max}`;
  const text = `${source(place)}映射到值字段“${label(place)}”字符串规则校验失败，字节数 ${length}，${limit}`;
  return paramError(text, { location: place.location, value: length });
}

/** Refuses a malformed string. */
export function patternMismatch(place: Place, value: string, pattern?: RegExp): Problem {
  const rule =
    pattern === undefined ? '' : `，字符串必须匹配正则表达式“${pattern.source.replaceAll('\\/', '/')}”`;
  const text = `${source(place)}映射到值字段“${label(place)}”字符串规则校验失败${rule}`;
  return paramError(text, { location: place.location, value });
}

/** Refuses a number less than `min`. */
export function numberTooSmall(place: Place, value: number, min: number): Problem {
  const text = `${source(place)}映射到数值字段“${label(place)}”规则校验失败，值低于最小值 ${min}`;
  return paramError(text, { location: place.location, value });
}

/** Refuses a parameter of another JSON type; `wanted` is the right one in WeChat Pay's words. */
export function wrongType(place: Place, value: unknown, wanted: string): Problem {
  const text = `无法将 JSON ${source(place)}映射到目标字段“${label(place)}”中，此字段需要${wanted}`;
  const quoted = typeof value === 'string' || typeof value === 'number' ? value : '';
  return paramError(text, { location: place.location, value: quoted });
}

/** Refuses a well-formed parameter that contradicts the order or the signature; `text` explains the contradiction. */
export function contradictoryParameter(place: Place, value: unknown, text: string): Problem {
  return paramError(`${source(place)}的值${text}`, {
    location: place.location,
    value: typeof value === 'string' ? value : '',
  });
}

/** Refuses a request whose parameters cannot be parsed. */
export function unreadableRequest(text: string): Problem {
  return paramError(text, undefined);
}

function paramError(message: string, detail: ProblemDetail | undefined, reason = WRONG): Problem {
  return new Problem({ status: 400, code: 'PARAM_ERROR', message, detail, reason });
}

function source(place: Place): string {
  return `输入源“${fullPointer(place)}”`;
}

function label({ pointer }: Place): string {
  return fieldLabel(pointer);
}

function fullPointer({ location, pointer }: Place): string {
  return `/${location}${pointer}`;
}
