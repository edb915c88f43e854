import { describe, expect, it } from '@jest/globals';
import { CombinedVerifier } from '../../../lib/crypto/combined-verifier.js';
import { WxPayVerifier, type VerifyInput } from '../../../lib/crypto/verifier.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPaySignatureError, type WxPaySignatureFault } from '../../../lib/errors/wxpay-signature-error.js';

const INPUT: VerifyInput = { message: 'message', signature: 'c2ln', serialNo: '4A' };

/** Says what it was told to say, and remembers whether it was asked. */
class Saying extends WxPayVerifier {
  asked = 0;
  readonly #says: { readonly verdict?: boolean | Error; readonly serialNo?: string | Error };

  constructor(says: { readonly verdict?: boolean | Error; readonly serialNo?: string | Error }) {
    super();
    this.#says = says;
  }

  override async acceptedSerialNo(): Promise<string | undefined> {
    if (this.#says.serialNo instanceof Error) throw this.#says.serialNo;
    return this.#says.serialNo;
  }

  override async verify(_: VerifyInput): Promise<boolean> {
    this.asked++;
    const { verdict = new WxPaySignatureError('unknown-serial') } = this.#says;
    if (verdict instanceof Error) throw verdict;
    return verdict;
  }
}

describe('CombinedVerifier', () => {
  it.each([true, false])('takes the verdict of the first that knows the key: %s', async (verdict) => {
    const [stranger, knowing, last] = [
      new Saying({}),
      new Saying({ verdict }),
      new Saying({ verdict: true }),
    ];

    const judged = await new CombinedVerifier([stranger, knowing, last]).verify(INPUT);

    expect(judged).toBe(verdict);
    expect([stranger, knowing, last].map(({ asked }) => asked)).toEqual([1, 1, 0]);
  });

  it('does not know a key that none of them knows', async () => {
    const judging = new CombinedVerifier([new Saying({}), new Saying({})]).verify(INPUT);

    await expect(judging).rejects.toMatchObject({ code: 'WXPAY_SIGNATURE', reason: 'unknown-serial' });
  });

  it.each<[string, Error]>([
    ...(['mismatch', 'probe', 'stale', 'missing'] as const).map(
      (reason: WxPaySignatureFault): [string, Error] => [reason, new WxPaySignatureError(reason)],
    ),
    ['a key service that failed', new Error('no connection')],
  ])('asks the next after %s', async (_, failure) => {
    const verifier = new CombinedVerifier([new Saying({ verdict: failure }), new Saying({ verdict: true })]);

    await expect(verifier.verify(INPUT)).resolves.toBe(true);
  });

  it('fails as the first that failed did where no other one knows the key', async () => {
    const failure = new Error('no connection');
    const verifier = new CombinedVerifier([new Saying({}), new Saying({ verdict: failure }), new Saying({})]);

    await expect(verifier.verify(INPUT)).rejects.toBe(failure);
  });

  it('finds a signature wrong that the next one finds wrong after a failure', async () => {
    const failing = new Saying({ verdict: new Error('no connection') });

    await expect(new CombinedVerifier([failing, new Saying({ verdict: false })]).verify(INPUT)).resolves.toBe(
      false,
    );
  });

  it('asks no other one to verify for a caller who gave up', async () => {
    const next = new Saying({ verdict: true });
    const verifier = new CombinedVerifier([new Saying({ verdict: new Error('aborted') }), next]);

    const judging = verifier.verify({ ...INPUT, signal: AbortSignal.abort('gone') });

    await expect(judging).rejects.toBe('gone');
    expect(next.asked).toBe(0);
  });

  it('asks for replies under the key of the first that has one', async () => {
    const verifier = new CombinedVerifier([
      new Saying({}),
      new Saying({ serialNo: 'FIRST' }),
      new Saying({ serialNo: 'SECOND' }),
    ]);

    await expect(verifier.acceptedSerialNo()).resolves.toBe('FIRST');
  });

  it('asks for replies under the next key where the first cannot tell', async () => {
    const verifier = new CombinedVerifier([
      new Saying({ serialNo: new Error('no connection') }),
      new Saying({ serialNo: 'SECOND' }),
    ]);

    await expect(verifier.acceptedSerialNo()).resolves.toBe('SECOND');
  });

  it('fails as the first did where none can tell', async () => {
    const verifier = new CombinedVerifier([
      new Saying({ serialNo: new Error('no connection') }),
      new Saying({ serialNo: new Error('no certificate') }),
      new Saying({}),
    ]);

    await expect(verifier.acceptedSerialNo()).rejects.toThrow('no connection');
  });

  it('leaves the choice to WeChat Pay where none has a key', async () => {
    await expect(new CombinedVerifier([new Saying({})]).acceptedSerialNo()).resolves.toBeUndefined();
  });

  it('does not ask the next for a caller who gave up', async () => {
    const verifier = new CombinedVerifier([
      new Saying({ serialNo: new Error('aborted') }),
      new Saying({ serialNo: 'SECOND' }),
    ]);

    const asking = verifier.acceptedSerialNo({ signal: AbortSignal.abort('gone') });

    await expect(asking).rejects.toBe('gone');
  });

  it('keeps its verifiers, whatever becomes of the list', async () => {
    const verifiers: WxPayVerifier[] = [new Saying({ serialNo: 'FIRST' })];
    const verifier = new CombinedVerifier(verifiers);

    verifiers.length = 0;

    await expect(verifier.acceptedSerialNo()).resolves.toBe('FIRST');
  });

  it.each([
    ['an empty list', [], /at least one WxPayVerifier/],
    ['no list', undefined, /at least one WxPayVerifier/],
    ['a hole', [new Saying({}), null], /number 2 is not\.$/],
    ['what only verifies', [{ verify: (): boolean => true }], /number 1 is not\.$/],
    ['what only names a key', [{ acceptedSerialNo: (): string => '4A' }], /number 1 is not\.$/],
  ])('refuses %s', (_, verifiers, message) => {
    const construct = () => new CombinedVerifier(verifiers as WxPayVerifier[]);

    expect(construct).toThrow(WxPayConfigError);
    expect(construct).toThrow(message);
  });
});
