import { describe, expect, it } from '@jest/globals';
import { isConnectionFailure } from '../../../../lib/transport/http/connection-failure.js';

const failed = (syscall: string, code: string) => Object.assign(new Error(code), { syscall, code });
const wrapped = (cause: unknown) => new Error('of axios', { cause });
const refused = failed('connect', 'ECONNREFUSED');

describe('isConnectionFailure', () => {
  it.each<[expected: boolean, name: string, error: unknown]>([
    [true, 'a refused connection', refused],
    [true, 'an unreachable host', failed('connect', 'EHOSTUNREACH')],
    [true, 'an unreachable network', failed('connect', 'ENETUNREACH')],
    [true, 'a name that does not exist', failed('getaddrinfo', 'ENOTFOUND')],
    [true, 'a name server that does not reply', failed('getaddrinfo', 'EAI_AGAIN')],
    [true, 'the cause of another error', wrapped(refused)],
    [true, 'every address refused', wrapped(new AggregateError([refused, refused]))],
    [false, 'an address that failed otherwise', new AggregateError([refused, new Error('other')])],
    [false, 'no address', new AggregateError([])],
    [false, 'a host that became unreachable', failed('read', 'EHOSTUNREACH')],
    [false, 'a reset', failed('read', 'ECONNRESET')],
    [false, 'a code without a system call', Object.assign(new Error('of an app'), { code: 'ECONNREFUSED' })],
    [false, 'nothing', undefined],
  ])('returns %j for %s', (expected, _, error) => {
    expect(isConnectionFailure(error)).toBe(expected);
  });
});
