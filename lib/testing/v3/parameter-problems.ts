import { fieldLabel } from './field-labels.js';
import { Problem, type ProblemDetail } from './problem.js';

/** Where a parameter stands: the part of the request, and a JSON pointer from there on, such as `/amount/total`. */
export interface Place {
  readonly location: 'uri_template' | 'query' | 'body';
  readonly pointer: string;
}

/** The number at the end of `Request-ID`: a parameter is wrong. */
const WRONG = 268435461;
/** The same for a parameter that the endpoint does not have. */
const SUPERFLUOUS = 270924358;

/** A parameter that is required and was not sent. */
export function missing(place: Place): Problem {
  const text = `${source(place)}映射到字段“${label(place)}”必填性规则校验失败，此字段为必填项`;
  return paramError(text, { location: place.location, value: '' });
}

/** Parameters that the endpoint does not have. */
export function undefinedParameters(places: readonly Place[]): Problem {
  const detail = { location: null, value: places.map(fullPointer) };
  return paramError('请求中含有未在API文档中定义的参数', detail, SUPERFLUOUS);
}

/** A text that is shorter than `min` or longer than `max` bytes. `detail.value` is its length, as WeChat Pay has it. */
export function wrongLength(
  place: Place,
  bytes: number,
  { min, max }: { min: number; max: number },
): Problem {
  const limit = bytes < min ? `小于最小值 ${min}` : `大于最大值 ${max}`;
  const text = `${source(place)}映射到值字段“${label(place)}”字符串规则校验失败，字节数 ${bytes}，${limit}`;
  return paramError(text, { location: place.location, value: bytes });
}

/** A text that is not made as it should be. */
export function unmatched(place: Place, value: string, pattern?: RegExp): Problem {
  const rule =
    pattern === undefined ? '' : `，字符串必须匹配正则表达式“${pattern.source.replaceAll('\\/', '/')}”`;
  const text = `${source(place)}映射到值字段“${label(place)}”字符串规则校验失败${rule}`;
  return paramError(text, { location: place.location, value });
}

/** A number that is less than `min`. */
export function tooSmall(place: Place, value: number, min: number): Problem {
  const text = `${source(place)}映射到数值字段“${label(place)}”规则校验失败，值低于最小值 ${min}`;
  return paramError(text, { location: place.location, value });
}

/** A parameter of another JSON type; `wanted` names the right one in the words of WeChat Pay. */
export function wrongType(place: Place, value: unknown, wanted: string): Problem {
  const text = `无法将 JSON ${source(place)}映射到目标字段“${label(place)}”中，此字段需要${wanted}`;
  const told = typeof value === 'string' || typeof value === 'number' ? value : '';
  return paramError(text, { location: place.location, value: told });
}

/** A well-formed parameter that contradicts the order or the signature; `text` says what it contradicts. */
export function contradiction(place: Place, value: unknown, text: string): Problem {
  return paramError(`${source(place)}的值${text}`, {
    location: place.location,
    value: typeof value === 'string' ? value : '',
  });
}

/** A request whose parameters cannot be read at all. */
export function unreadable(text: string): Problem {
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
