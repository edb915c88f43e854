import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { safeCause, safeStack } from '../../../lib/errors/safe-cause.js';

const withCode = (message: string, code: string, cause?: Error): Error =>
  Object.assign(new Error(message, { cause }), { code });

describe('safeCause', () => {
  it('joins the messages of the chain, with name and code of the innermost error', () => {
    const socket = Object.assign(new TypeError('socket hang up'), { code: 'ECONNRESET' });
    const kms = withCode('The key service did not sign', 'KMS_DOWN', socket);

    const safe = safeCause(kms);

    expect(safe).toMatchObject({ name: 'TypeError', code: 'ECONNRESET' });
    expect(safe.message).toBe('The key service did not sign: socket hang up');
  });

  it('shows a repeated message of the chain once', () => {
    const inner = withCode('connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED');

    expect(safeCause(new Error(inner.message, { cause: inner })).message).toBe(inner.message);
  });

  it('falls back to the code of the outermost error', () => {
    expect(safeCause(withCode('no', 'E_OUTER', new Error('inner')))).toMatchObject({ code: 'E_OUTER' });
  });

  it('includes the message of every address that refused', () => {
    const refused = new AggregateError([new Error('no ::1'), new Error('no 127.0.0.1')], '');

    expect(safeCause(refused).message).toBe('no ::1; no 127.0.0.1');
  });

  it('leaves out what an address threw that is no error', () => {
    expect(safeCause(new AggregateError(['odd', new Error('no 127.0.0.1')], '')).message).toBe(
      'no 127.0.0.1',
    );
  });

  it('leaves out empty messages of the chain', () => {
    expect(safeCause(new Error('failed', { cause: new Error('') })).message).toBe('failed');
  });

  it('reads five errors of a chain', () => {
    const chain = ['a', 'b', 'c', 'd', 'e', 'f'].reduceRight<Error | undefined>(
      (cause, message) => new Error(message, { cause }),
      undefined,
    );

    expect(safeCause(chain).message).toBe('a: b: c: d: e');
  });

  it('recognises errors of another realm', () => {
    const error: unknown = runInNewContext("new RangeError('too far')");

    expect(error).not.toBeInstanceOf(Error);
    expect(safeCause(error)).toMatchObject({ name: 'RangeError', message: 'too far' });
  });

  it.each([
    ['a string', 'just text', 'just text'],
    ['an object', { secret: 1 }, 'a thrown object'],
    ['null', null, 'a thrown object'],
    ['nothing', undefined, 'a thrown undefined'],
    ['an error without a message', new Error(''), 'unknown'],
    ['an error with a code only', withCode('', 'ECONNRESET'), 'ECONNRESET'],
    ['an error with odd members', Object.assign(new Error('odd'), { name: 1, stack: {}, code: 7 }), 'odd'],
  ])('converts %s to an error', (_, thrown, message) => {
    expect(safeCause(thrown)).toBeInstanceOf(Error);
    expect(safeCause(thrown).message).toBe(message);
  });

  it('uses neither a name nor a message that is no text', () => {
    const error = Object.assign(new Error('odd'), { name: 1, message: { secret: 1 } });

    expect(safeCause(error)).toMatchObject({ name: 'Error', message: 'unknown' });
  });

  it('has no code if no error of the chain has one', () => {
    expect(safeCause(new Error('failed'))).not.toHaveProperty('code');
  });

  it('has a name that can be changed like that of any error', () => {
    const safe = safeCause(new TypeError('failed'));

    expect(Object.getOwnPropertyDescriptor(safe, 'name')).toEqual({
      value: 'TypeError',
      configurable: true,
      enumerable: false,
      writable: true,
    });
  });

  it('terminates if an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;

    expect(safeCause(error).message).toBe('round');
  });

  it('keeps the stack frames', () => {
    expect(safeCause(new Error('here')).stack).toContain('safe-cause.spec.ts');
  });

  it('has a stack of its message on one line, and the frames', () => {
    const [first, second, ...others] =
      safeCause(new Error('failed\nlook at it\nnow')).stack?.split('\n') ?? [];

    expect(first).toBe('Error: failed look at it now');
    expect(second).toMatch(/^ {4}at .*safe-cause\.spec\.ts/);
    expect(others.filter((line) => !line.startsWith('    at '))).toEqual([]);
  });

  it('redacts lines of a message that look like stack frames', () => {
    const token = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.c`;

    const { stack } = safeCause(new Error(`failed\n    at ${token}`));

    expect(stack).toContain('at [token]');
    expect(stack).not.toContain(token);
  });

  it('drops all other properties', () => {
    const error = Object.assign(withCode('failed', 'E_FAILED'), {
      config: { headers: { Authorization: 'x' } },
    });

    expect(Object.keys(safeCause(error))).toEqual(['code']);
  });
});

describe('safeStack', () => {
  it('has the whole message on one line without secrets, and the frames', () => {
    const message = `${'no '.repeat(100)}\nof oUpF8uMuAJO_M2pxb1Q9zNjWeS6o`;

    const [first, second, ...others] = safeStack(new RangeError(message)).split('\n');

    expect(first).toBe(`RangeError: ${'no '.repeat(100)} of [openid]`);
    expect(second).toMatch(/^ {4}at .*safe-cause\.spec\.ts/);
    expect(others.filter((line) => !line.startsWith('    at '))).toEqual([]);
  });
});
