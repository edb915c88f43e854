import { describe, expect, it } from '@jest/globals';
import {
  WxPayConfigError,
  WxPaySigner,
  WxPaySignatureError,
  WxPayTransportError,
  WxPayVerifier,
} from 'nestjs-wxpay';
import type { Attempt } from '../../../lib/transport/retry/attempt.js';
import { V3Authenticator } from '../../../lib/v3/authenticator.js';
import type { KeyService, StepControl } from '../../../lib/transport/steps.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { localAttempt } from '../../support/harness/steps.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const REQUEST = { method: 'GET', path: '/v3/x', body: '' };

/** A signer and a verifier that the app has written. */
class KeyServiceSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo = '4A';
  signal?: AbortSignal;

  override async sign({ signal }: { readonly signal?: AbortSignal }): Promise<string> {
    this.signal = signal;
    return 'c2ln';
  }
}
class KeyServiceVerifier extends WxPayVerifier {
  signal?: AbortSignal;
  accepted: () => string | undefined = () => 'KEY';
  verdict: () => boolean = () => true;

  override async acceptedSerialNo({ signal }: { readonly signal?: AbortSignal } = {}) {
    this.signal = signal;
    return this.accepted();
  }

  override async verify({ signal }: { readonly signal?: AbortSignal }): Promise<boolean> {
    this.signal = signal;
    return this.verdict();
  }
}

/** An attempt that remembers its steps, each of which has a signal of its own. */
function start() {
  const signer = new KeyServiceSigner();
  const verifier = new KeyServiceVerifier();
  const steps: string[] = [];
  const { signal } = new AbortController();
  const real = localAttempt();
  const attempt = {
    call: { operation: 'order.query', subject: 'order T1', merchant: 'default' },
    ask: (service: KeyService, name: string, work: (control: StepControl) => Promise<unknown>) => {
      steps.push(name);
      return real.ask(service, name, () => work({ signal }));
    },
  } as unknown as Attempt;
  const nonce = (): string => 'nonce';
  const authenticator = new V3Authenticator({ mchid: '1900000001', signer, verifier, now: () => NOW, nonce });
  return { attempt, authenticator, signal, signer, steps, verifier };
}

function reply() {
  const headers = { timestamp: String(NOW / 1000), nonce: 'n', serial: 'KEY', signature: 'c2ln' };
  const named = Object.entries(headers).map(([name, value]) => [`wechatpay-${name}`, value] as const);
  return { status: 200, headers: new Map(named), body: Buffer.from('{}') };
}

describe('V3Authenticator.authorize, with a signer and a verifier of the app', () => {
  it.each([
    ['a line end, which would add a header', 'KEY\r\nX-Evil: 1'],
    ['a blank', 'two words'],
    ['no ASCII', '公钥'],
    ['nothing', ''],
    ['more than any identifier', 'K'.repeat(129)],
    ['a number', 42],
    ['null', null],
  ])('refuses an accepted serial number that is %s', async (_kind, serialNo) => {
    const { attempt, authenticator, verifier } = start();
    verifier.accepted = () => serialNo as string;

    const error = await failureOf(WxPayConfigError, authenticator.authorize(REQUEST, attempt));

    expect(error.message).toMatch(/^verifier\.acceptedSerialNo\(\) must resolve to a public key id, /);
  });

  it('runs each in a step of its own, with the signal of the step', async () => {
    const { attempt, authenticator, signal, signer, steps, verifier } = start();

    const headers = await authenticator.authorize(REQUEST, attempt);

    expect(headers['Wechatpay-Serial']).toBe('KEY');
    expect(steps).toEqual(['choosing the key', 'signing']);
    expect([verifier.signal, signer.signal]).toEqual([signal, signal]);
  });

  it('leaves the choice of the key to WeChat Pay if the verifier names none', async () => {
    const { attempt, authenticator, verifier } = start();
    verifier.accepted = () => undefined;

    expect(Object.keys(await authenticator.authorize(REQUEST, attempt))).toEqual(['Authorization']);
  });

  it('names the one that failed', async () => {
    const { attempt, authenticator, signer, verifier } = start();
    const down = (): never => {
      throw new Error('no connection');
    };

    signer.sign = down;
    const signing = await failureOf(WxPayTransportError, authenticator.authorize(REQUEST, attempt));
    verifier.accepted = down;
    const choosing = await failureOf(WxPayTransportError, authenticator.authorize(REQUEST, attempt));

    expect(signing.message).toContain('The signer failed during order.query of order T1 (no connection).');
    expect(choosing.message).toContain('The verifier failed during order.query of order T1 (no connection).');
  });
});

describe('V3Authenticator.authorize, with an invalid signature', () => {
  it.each(['', '!c2ln', 'c2ln!', 'c2ln===', 'c2ln\n', ['c2ln'], Buffer.from('c2ln'), undefined])(
    'refuses %j: only base64 is sent to WeChat Pay',
    async (signature) => {
      const { attempt, authenticator, signer } = start();
      signer.sign = async () => signature as string;

      const error = await failureOf(WxPayTransportError, authenticator.authorize(REQUEST, attempt));

      expect(error.message).toContain('(it did not return a base64 string).');
    },
  );
});

describe('V3Authenticator.verify, with a verifier of the app', () => {
  it('runs it in a step of its own, with the signal of the step', async () => {
    const { attempt, authenticator, signal, steps, verifier } = start();

    await expect(authenticator.verify(reply(), attempt)).resolves.toBe(true);

    expect(steps).toEqual(['verifying']);
    expect(verifier.signal).toBe(signal);
  });

  it('passes on a refusal with a reason of the verifier', async () => {
    const { attempt, authenticator, verifier } = start();
    const refusal = new WxPaySignatureError('mismatch');
    verifier.verdict = () => {
      throw refusal;
    };

    await expect(authenticator.verify(reply(), attempt)).rejects.toBe(refusal);
  });
});
