import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sign, verify } from 'node:crypto';
import { Formatter } from 'wechatpay-axios-plugin';
import { PublicKeyVerifier } from '../../../lib/crypto/public-key-verifier.js';
import { RsaSigner } from '../../../lib/crypto/rsa-signer.js';
import type { Reply } from '../../../lib/transport/http/reply.js';
import { SigningSemaphore } from '../../../lib/transport/signing-semaphore.js';
import { V3Authenticator } from '../../../lib/v3/authenticator.js';
import { flip } from '../../support/signing/flip.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { localAttempt } from '../../support/harness/steps.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const keys = rsaKeys();
const serialNo = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
const signer = new RsaSigner({ privateKey: keys.privatePem, serialNo });
const verifier = new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId: 'PUB_KEY_ID_1' });
const attempt = localAttempt();

function authenticatorAt(
  now: () => number,
  signing?: { readonly semaphore: SigningSemaphore; readonly permits: number },
): V3Authenticator {
  let nonces = 0;
  return new V3Authenticator({
    mchid: '1900000001',
    signer,
    verifier,
    now,
    nonce: () => `nonce-${++nonces}`,
    signing,
  });
}

/** A genuine reply, dated as told. */
async function replyDated(
  ms: number,
  body: Buffer = Buffer.from('{}'),
): Promise<Reply & { readonly headers: Map<string, string> }> {
  const timestamp = String(ms / 1000);
  const message = Buffer.concat([Buffer.from(`${timestamp}\nnonce\n`), body, Buffer.from('\n')]);
  const signature = sign('sha256', message, keys.privateKey).toString('base64');
  const headers = {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': 'nonce',
    'wechatpay-serial': 'PUB_KEY_ID_1',
    'wechatpay-signature': signature,
  };
  return { status: 200, headers: new Map(Object.entries(headers)), body };
}

describe('V3Authenticator.authorize', () => {
  it('dates the request after the wait for a signing permit', async () => {
    let now = NOW;
    const semaphore = new SigningSemaphore();
    const signing = { semaphore, permits: 1 };
    const authenticator = authenticatorAt(() => now, signing);
    let leave = (): void => undefined;
    const earlier = semaphore.run(
      localAttempt(),
      { signer, permits: 1 },
      () => new Promise<void>((resolve) => (leave = resolve)),
    );
    const authorizing = authenticator.authorize({ method: 'GET', path: '/v3/x', body: '' }, localAttempt());

    await new Promise((resolve) => setImmediate(resolve));
    now += 60_000;
    leave();
    await earlier;

    expect((await authorizing).Authorization).toContain('timestamp="1780315260",');
  });

  it('uses a new timestamp and nonce for each attempt', async () => {
    let now = NOW;
    const authenticator = authenticatorAt(() => now);
    const request = { method: 'GET', path: '/v3/x', body: '' };

    const first = await authenticator.authorize(request, attempt);
    now += 61_999;
    const second = await authenticator.authorize(request, attempt);

    expect(first.Authorization).toContain('nonce_str="nonce-1",timestamp="1780315200",');
    expect(second.Authorization).toContain('nonce_str="nonce-2",timestamp="1780315261",');
    expect(second.Authorization).not.toContain(/signature="([^"]+)"/.exec(first.Authorization ?? '')?.[1]);
  });

  it("sends the serial number of an app's own signer in WeChat Pay's form", async () => {
    const ownSigner = Object.assign(Object.create(signer) as RsaSigner, {
      serialNo: serialNo.toLowerCase(),
      sign: () => Promise.resolve('c2ln'),
    });
    const authenticator = new V3Authenticator({
      mchid: '1900000001',
      signer: ownSigner,
      verifier,
      now: () => NOW,
      nonce: () => 'nonce',
    });

    const { Authorization } = await authenticator.authorize(
      { method: 'GET', path: '/v3/x', body: '' },
      attempt,
    );

    expect(Authorization).toContain(`serial_no="${serialNo}"`);
  });

  it('names each field once, and signs the same message as another client, for any request', async () => {
    const paths = fc.webPath().map((path) => `/v3${path}`);
    const serialNos = fc.stringMatching(/^[0-9A-F]{1,40}$/);
    const nonces = fc.stringMatching(/^[0-9A-Za-z]{1,32}$/);
    const bodies = fc.string({ unit: 'binary', maxLength: 100 });

    await fc.assert(
      fc.asyncProperty(paths, serialNos, nonces, bodies, async (path, serial, nonce, body) => {
        const authenticator = new V3Authenticator({
          mchid: '1900000001',
          signer: new RsaSigner({ privateKey: keys.privateKey, serialNo: serial }),
          verifier,
          now: () => NOW,
          nonce: () => nonce,
        });

        const { Authorization = '' } = await authenticator.authorize({ method: 'POST', path, body }, attempt);

        const [, scheme, parameters = ''] = /^(\S+) (.+)$/.exec(Authorization) ?? [];
        const fields = parameters.split(',').map((each) => /^(\w+)="([^"]*)"$/.exec(each)?.slice(1));
        const { signature, ...others } = Object.fromEntries(fields as [string, string][]);
        expect(scheme).toBe('WECHATPAY2-SHA256-RSA2048');
        expect(fields).toHaveLength(5);
        expect(others).toEqual({
          mchid: '1900000001',
          nonce_str: nonce,
          timestamp: '1780315200',
          serial_no: serial,
        });
        const message = Formatter.request('POST', path, '1780315200', nonce, body);
        const proof = Buffer.from(String(signature), 'base64');
        expect(verify('sha256', Buffer.from(message), keys.publicKey, proof)).toBe(true);
      }),
    );
  });
});

describe('V3Authenticator.verify', () => {
  it('accepts any signed body, and refuses it with any bit flipped', async () => {
    const bodies = fc.uint8Array({ maxLength: 100 });

    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), async (body, bit) => {
        const genuine = await replyDated(NOW, Buffer.from(body));
        const tampered = { ...genuine, body: flip(Buffer.from([...body, 0]), bit) };
        const authenticator = authenticatorAt(() => NOW);

        await expect(authenticator.verify(genuine, attempt)).resolves.toBe(true);
        await expect(authenticator.verify(tampered, attempt)).rejects.toMatchObject({ reason: 'mismatch' });
      }),
    );
  });

  it.each([-300_000, 300_000])('accepts a reply that is %d ms off', async (offsetMs) => {
    const reply = await replyDated(NOW + offsetMs);

    await expect(authenticatorAt(() => NOW).verify(reply, attempt)).resolves.toBe(true);
  });

  it.each([
    ['old', 300_000, NOW + 1],
    ['young', -300_000, NOW - 1],
  ])('refuses a reply that is a millisecond too %s', async (_, ageMs, now) => {
    const reply = await replyDated(NOW - ageMs);

    await expect(authenticatorAt(() => now).verify(reply, attempt)).rejects.toMatchObject({
      reason: 'stale',
    });
  });

  it('returns false for an unsigned refusal, and refuses an unsigned success', async () => {
    const unsigned = (status: number) => ({
      status,
      headers: new Map<string, string>(),
      body: Buffer.alloc(0),
    });
    const authenticator = authenticatorAt(() => NOW);

    await expect(authenticator.verify(unsigned(300), attempt)).resolves.toBe(false);
    await expect(authenticator.verify(unsigned(299), attempt)).rejects.toMatchObject({ reason: 'missing' });
  });

  it.each([
    ['a nonce that came twice', 'wechatpay-nonce', 'nonce, nonce', /a header of its signature came twice\.$/],
    ['a signature that is not base64', 'wechatpay-signature', 'c2ln!', /its signature is not base64\.$/],
    ['another signature', 'wechatpay-signature', 'c2ln', /, and that no proxy changes replies\.$/],
  ])('refuses a reply with %s', async (_, name, value, message) => {
    const { headers, ...reply } = await replyDated(NOW);
    const changed = { ...reply, headers: new Map([...headers, [name, value]]) };

    await expect(authenticatorAt(() => NOW).verify(changed, attempt)).rejects.toMatchObject({
      reason: 'mismatch',
      message: expect.stringMatching(message),
    });
  });
});
