import { describe, expect, it } from '@jest/globals';
import {
  sendErrorOf,
  type RequestProgress,
  type SendFault,
} from '../../../../lib/transport/http/send-error.js';

const NEW = { reusedSocket: false };
const REUSED = { reusedSocket: true };
const BEGUN = { reusedSocket: true, res: {} };

describe('sendErrorOf', () => {
  it.each<[code: string | undefined, request: RequestProgress | undefined, fault: SendFault]>([
    ['ECONNRESET', REUSED, 'stale-connection'],
    ['EPIPE', REUSED, 'stale-connection'],
    ['ETIMEDOUT', REUSED, 'unreachable'],
    ['ECONNRESET', NEW, 'broken'],
    ['EPIPE', NEW, 'broken'],
    ['ECONNRESET', undefined, 'broken'],
    ['ECONNABORTED', undefined, 'broken'],
    ['ERR_BAD_RESPONSE', NEW, 'broken'],
    ['HPE_INVALID_CONSTANT', NEW, 'broken'],
    ['ECONNRESET', BEGUN, 'broken'],
    ['ETIMEDOUT', BEGUN, 'broken'],
    ['ECONNREFUSED', NEW, 'unreachable'],
    ['ERR_BAD_RESPONSE_OF_APP', NEW, 'unreachable'],
    ['APP_HPE_1', NEW, 'unreachable'],
    [undefined, undefined, 'unreachable'],
  ])('takes the code %s with %j as %s', (code, request, fault) => {
    const error = sendErrorOf(Object.assign(new Error('failed'), { code }), request);

    expect(error).toMatchObject({ fault, cause: { message: 'failed' } });
  });
});
