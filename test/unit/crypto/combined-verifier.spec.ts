import { describe, expect, it } from '@jest/globals';
import { CombinedVerifier } from '../../../lib/crypto/combined-verifier.js';
import { WxPayVerifier, type VerifyInput } from '../../../lib/crypto/verifier.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPaySignatureError, type WxPaySignatureFault } from '../../../lib/errors/wxpay-signature-error.js';

const INPUT: VerifyInput = { message: 'message', signature: 'c2ln', serialNo: '4A' };

/** Verifier with fixed results that counts its verifications. */
class StubVerifier extends WxPayVerifier {
  verifications = 0;
  readonly #results: { readonly result?: boolean | Error; readonly serialNo?: string | Error };

  constructor(results: { readonly result?: boolean | Error; readonly serialNo?: string | Error }) {
    super();
    this.#results = results;
  }

  override async acceptedSerialNo(): Promise<string | undefined> {
    if (this.#results.serialNo instanceof Error) throw this.#results.serialNo;
    return this.#results.serialNo;
  }

  override async verify(_: VerifyInput): Promise<boolean> {
    this.verifications++;
    const { result = new WxPaySignatureError('unknown-serial') } = this.#results;
    if (result instanceof Error) throw result;
    return result;
  }
}

describe('CombinedVerifier', () => {
  it.each([true, false])('returns the result of the first verifier that has the key: %s', async (result) => {
    const [withoutKey, withKey, last] = [
      new StubVerifier({}),
      new StubVerifier({ result }),
      new StubVerifier({ result: true }),
    ];

    const verified = await new CombinedVerifier([withoutKey, withKey, last]).verify(INPUT);

    expect(verified).toBe(result);
    expect([withoutKey, withKey, last].map(({ verifications }) => verifications)).toEqual([1, 1, 0]);
  });

  it('rejects a serial number that is unknown to all verifiers', async () => {
    const verifying = new CombinedVerifier([new StubVerifier({}), new StubVerifier({})]).verify(INPUT);

    await expect(verifying).rejects.toMatchObject({ code: 'WXPAY_SIGNATURE', reason: 'unknown-serial' });
  });

  it.each<[string, Error]>([
    ...(['mismatch', 'probe', 'stale', 'missing'] as const).map(
      (reason: WxPaySignatureFault): [string, Error] => [reason, new WxPaySignatureError(reason)],
    ),
    ['a key service that failed', new Error('no connection')],
  ])('tries the next verifier after %s', async (_, failure) => {
    const verifier = new CombinedVerifier([
      new StubVerifier({ result: failure }),
      new StubVerifier({ result: true }),
    ]);

    await expect(verifier.verify(INPUT)).resolves.toBe(true);
  });

  it('rejects with the first failure if no other verifier has the key', async () => {
    const failure = new Error('no connection');
    const verifier = new CombinedVerifier([
      new StubVerifier({}),
      new StubVerifier({ result: failure }),
      new StubVerifier({}),
    ]);

    await expect(verifier.verify(INPUT)).rejects.toBe(failure);
  });

  it('returns false if the first verifier fails and the next finds the signature wrong', async () => {
    const failing = new StubVerifier({ result: new Error('no connection') });

    await expect(
      new CombinedVerifier([failing, new StubVerifier({ result: false })]).verify(INPUT),
    ).resolves.toBe(false);
  });

  it('tries no further verifier after the caller aborted', async () => {
    const next = new StubVerifier({ result: true });
    const verifier = new CombinedVerifier([new StubVerifier({ result: new Error('aborted') }), next]);

    const verifying = verifier.verify({ ...INPUT, signal: AbortSignal.abort('gone') });

    await expect(verifying).rejects.toBe('gone');
    expect(next.verifications).toBe(0);
  });

  it('requests replies signed with the key of the first verifier that has one', async () => {
    const verifier = new CombinedVerifier([
      new StubVerifier({}),
      new StubVerifier({ serialNo: 'FIRST' }),
      new StubVerifier({ serialNo: 'SECOND' }),
    ]);

    await expect(verifier.acceptedSerialNo()).resolves.toBe('FIRST');
  });

  it('requests replies signed with the next key if the first verifier fails', async () => {
    const verifier = new CombinedVerifier([
      new StubVerifier({ serialNo: new Error('no connection') }),
      new StubVerifier({ serialNo: 'SECOND' }),
    ]);

    await expect(verifier.acceptedSerialNo()).resolves.toBe('SECOND');
  });

  it('rejects with the first failure if no verifier has a serial number', async () => {
    const verifier = new CombinedVerifier([
      new StubVerifier({ serialNo: new Error('no connection') }),
      new StubVerifier({ serialNo: new Error('no certificate') }),
      new StubVerifier({}),
    ]);

    await expect(verifier.acceptedSerialNo()).rejects.toThrow('no connection');
  });

  it('leaves the choice of the key to WeChat Pay if no verifier has one', async () => {
    await expect(new CombinedVerifier([new StubVerifier({})]).acceptedSerialNo()).resolves.toBeUndefined();
  });

  it('requests no further serial number after the caller aborted', async () => {
    const verifier = new CombinedVerifier([
      new StubVerifier({ serialNo: new Error('aborted') }),
      new StubVerifier({ serialNo: 'SECOND' }),
    ]);

    const accepting = verifier.acceptedSerialNo({ signal: AbortSignal.abort('gone') });

    await expect(accepting).rejects.toBe('gone');
  });

  it('copies the list of verifiers', async () => {
    const verifiers: WxPayVerifier[] = [new StubVerifier({ serialNo: 'FIRST' })];
    const verifier = new CombinedVerifier(verifiers);

    verifiers.length = 0;

    await expect(verifier.acceptedSerialNo()).resolves.toBe('FIRST');
  });

  it.each([
    ['an empty list', [], /at least one WxPayVerifier/],
    ['no list', undefined, /at least one WxPayVerifier/],
    ['a hole', [new StubVerifier({}), null], /number 2 is not\.$/],
    ['an object with verify() only', [{ verify: (): boolean => true }], /number 1 is not\.$/],
    [
      'an object with acceptedSerialNo() only',
      [{ acceptedSerialNo: (): string => '4A' }],
      /number 1 is not\.$/,
    ],
  ])('refuses %s', (_, verifiers, message) => {
    const construct = () => new CombinedVerifier(verifiers as WxPayVerifier[]);

    expect(construct).toThrow(WxPayConfigError);
    expect(construct).toThrow(message);
  });
});
