import { describe, expect, it } from '@jest/globals';
import { HmacSha256Signer, WxPayConfigError, WxPayTransportError, WxPayV2Signer } from 'nestjs-wxpay';
import type { Attempt } from '../../../../lib/transport/retry/attempt.js';
import { V2Authenticator } from '../../../../lib/v2/authenticator.js';
import { signatureOf, verifyFields } from '../../../../lib/v2/signing/signed-fields.js';
import { failureOf } from '../../../support/assertions/failure-of.js';
import { localAttempt } from '../../../support/harness/steps.js';

const FIELDS = { mch_id: '1900000001', out_trade_no: 'T1' };
const WORDING = { nameOf: () => 'It', afterMissing: () => '', afterMismatch: '' };
const genuine = new HmacSha256Signer({ key: '192006250b4c09247ec02edce69f6a2d' });

/** A signer that the app has written. */
class OddSigner extends WxPayV2Signer {
  readonly signType = 'HMAC-SHA256';
  readonly #answer: () => unknown;

  constructor(answer: () => unknown) {
    super();
    this.#answer = answer;
  }

  override async sign(): Promise<string> {
    return this.#answer() as string;
  }
}

/** A call that remembers the steps by which its deadline tells what was slow. */
function exchange() {
  const steps: string[] = [];
  const attempt = localAttempt();
  const { call } = attempt;
  const ask: Attempt['ask'] = (service, step, work) => {
    steps.push(step);
    return attempt.ask(service, step, work);
  };
  return { steps, call, ask } as unknown as Attempt & { readonly steps: string[] };
}

describe('signatureOf', () => {
  it.each(['signing', 'verifying'] as const)('runs in a step called %s', async (step) => {
    const asking = exchange();

    await expect(signatureOf(FIELDS, genuine, step, asking)).resolves.toMatch(/^[0-9A-F]{64}$/);

    expect(asking.steps).toEqual([step]);
  });

  it.each([undefined, null, '', 5, {}, ['A']])('reports %j as a failure of the signer', async (answer) => {
    const signing = signatureOf(FIELDS, new OddSigner(() => answer), 'signing', exchange());

    const error = await failureOf(WxPayTransportError, signing);

    expect(error.message).toContain(
      'The signer failed during order.query of order T1 (it did not return a string).',
    );
  });

  it('passes errors of this package on unchanged', async () => {
    const fault = new WxPayConfigError(['key is missing.']);
    const signer = new OddSigner(() => {
      throw fault;
    });

    await expect(signatureOf(FIELDS, signer, 'signing', exchange())).rejects.toBe(fault);
  });
});

describe('verifyFields', () => {
  it('runs in the step "verifying"', async () => {
    const asking = exchange();
    const sign = await genuine.sign(FIELDS);

    await verifyFields({ ...FIELDS, sign }, genuine, WORDING, asking);

    expect(asking.steps).toEqual(['verifying']);
  });
});

describe('V2Authenticator.sign', () => {
  it('runs in the step "signing"', async () => {
    const asking = exchange();
    const [mchid, appid] = ['1900000001', 'wx8888888888888888'];
    const authenticator = new V2Authenticator({ mchid, appid, signer: genuine, nonce: () => 'n' });

    await authenticator.sign({ out_trade_no: 'T1' }, asking);

    expect(asking.steps).toEqual(['signing']);
  });
});
