import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, sign } from 'node:crypto';
import { PlatformCertificateVerifier } from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';

const MINUTE_MS = 60_000;

let key: PlatformKey;
let newerKey: PlatformKey;
let server: CertificateServer;
let verifier: PlatformCertificateVerifier;

beforeAll(async () => {
  [key, newerKey] = await Promise.all([createPlatformKey(), createPlatformKey()]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  verifier = new PlatformCertificateVerifier(server.options());
});
afterEach(() => server.stop());

function forgedSerial(): string {
  return randomBytes(20).toString('hex').toUpperCase();
}

function judge(signer: PlatformKey, serialNo = signer.serialNo): Promise<boolean> {
  const signature = sign('sha256', Buffer.from('message'), signer.privatePem).toString('base64');
  return verifier.verify({ message: 'message', signature, serialNo });
}

/** The `reason` of each refusal. */
async function reasonsOf(judgements: readonly Promise<boolean>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(judgements);
  return settled.map((each) => (each.status === 'rejected' ? each.reason.reason : each.value));
}

const FIFTY_UNKNOWN = Array.from({ length: 50 }, () => 'unknown-serial');

describe('PlatformCertificateVerifier, with 50 forged serial numbers', () => {
  it('downloads once if they arrive together', async () => {
    await verifier.acceptedSerialNo();

    const reasons = await reasonsOf(FIFTY_UNKNOWN.map(() => judge(newerKey, forgedSerial())));

    expect(reasons).toEqual(FIFTY_UNKNOWN);
    expect(server.downloads).toHaveLength(2);
  });

  it('downloads once if they arrive one after the other', async () => {
    await verifier.acceptedSerialNo();

    for (const _ of FIFTY_UNKNOWN) await reasonsOf([judge(newerKey, forgedSerial())]);

    expect(server.downloads).toHaveLength(2);
  });

  it('downloads only once in all if they arrive before any call', async () => {
    const reasons = await reasonsOf(FIFTY_UNKNOWN.map(() => judge(newerKey, forgedSerial())));
    await reasonsOf([judge(newerKey, forgedSerial())]);

    expect(reasons).toEqual(FIFTY_UNKNOWN);
    expect(server.downloads).toHaveLength(1);
  });

  it('downloads once, too, while WeChat Pay refuses', async () => {
    server.refusal = { status: 503, body: '{"code":"SYSTEM_ERROR"}' };

    for (const _ of FIFTY_UNKNOWN) {
      await expect(judge(newerKey, forgedSerial())).rejects.toMatchObject({ code: 'SYSTEM_ERROR' });
    }

    expect(server.downloads).toHaveLength(1);
  });
});

describe('PlatformCertificateVerifier, with a serial number that is not listed', () => {
  it.each(['PUB_KEY_ID_0119000072912024', '', 'not hexadecimal', 'A'.repeat(65)])(
    'does not download for %j, which is not the serial number of a certificate',
    async (serialNo) => {
      const judging = judge(key, serialNo);

      await expect(judging).rejects.toMatchObject({ reason: 'unknown-serial' });
      expect(server.downloads).toStrictEqual([]);
    },
  );

  it('does not look it up again for five minutes', async () => {
    const serialNo = forgedSerial();
    const again = async (aheadMs: number): Promise<number> => {
      server.aheadMs = aheadMs;
      await reasonsOf([judge(newerKey, serialNo)]);
      return server.downloads.length;
    };
    await verifier.acceptedSerialNo();

    expect(await again(0)).toBe(2);
    expect(await again(4 * MINUTE_MS)).toBe(2);
    expect(await again(5 * MINUTE_MS + 1_000)).toBe(3);
  });

  it('looks another one up after half a minute', async () => {
    await verifier.acceptedSerialNo();
    await reasonsOf([judge(newerKey, forgedSerial())]);
    server.inService = [key, newerKey];

    const early = await reasonsOf([judge(newerKey)]);
    server.aheadMs = MINUTE_MS / 2 + 1_000;
    const late = await reasonsOf([judge(newerKey)]);

    expect(early).toEqual(['unknown-serial']);
    expect(late).toEqual([true]);
    expect(server.downloads).toHaveLength(3);
  });

  it('looks it up after the clock was set back', async () => {
    server.aheadMs = 60 * MINUTE_MS;
    await verifier.acceptedSerialNo();
    await reasonsOf([judge(newerKey, forgedSerial())]);
    server.aheadMs = 0;
    server.inService = [key, newerKey];

    await expect(judge(newerKey)).resolves.toBe(true);
  });

  it('finds it if WeChat Pay lists it while an earlier download is under way', async () => {
    const release = server.hold();
    const first = verifier.acceptedSerialNo();
    while (server.downloads.length === 0) await new Promise(setImmediate);
    server.inService = [key, newerKey];

    const judgements = Promise.all(Array.from({ length: 20 }, () => judge(newerKey)));
    release();

    await expect(first).resolves.toBe(key.serialNo);
    expect(new Set(await judgements)).toEqual(new Set([true]));
    expect(server.downloads).toHaveLength(2);
  });

  it('names the reason if it could not be looked up', async () => {
    await verifier.acceptedSerialNo();
    server.refusal = { status: 503, body: '{"code":"SYSTEM_ERROR"}' };

    const judging = judge(newerKey);

    await expect(judging).rejects.toMatchObject({
      reason: 'unknown-serial',
      message: expect.stringContaining(
        'the list could not be refreshed: WeChat Pay refused certificates.download',
      ),
    });
    await expect(judge(key)).resolves.toBe(true);
  });

  it('lets a caller abort without ending the download', async () => {
    await verifier.acceptedSerialNo();
    server.inService = [key, newerKey];
    const release = server.hold();
    const caller = new AbortController();
    const leaving = verifier.verify({
      message: 'message',
      signature: '',
      serialNo: newerKey.serialNo,
      signal: caller.signal,
    });
    const staying = judge(newerKey);

    caller.abort(new Error('gone'));

    await expect(leaving).rejects.toThrow('gone');
    release();
    await expect(staying).resolves.toBe(true);
    expect(server.downloads).toHaveLength(2);
  });
});
