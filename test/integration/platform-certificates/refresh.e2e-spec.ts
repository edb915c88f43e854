import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sign } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  PlatformCertificateVerifier,
  WXPAY_CHANNELS,
  WxPayMerchants,
  WxPayTransportError,
  type CertificatesEvent,
} from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OUTAGE = { status: 503, body: '{"code":"SYSTEM_ERROR","message":"busy"}' };

let key: PlatformKey;
let newerKey: PlatformKey;
let server: CertificateServer;
let verifier: PlatformCertificateVerifier;
let events: CertificatesEvent[];
const record = (event: unknown): void => void events.push(event as CertificatesEvent);

beforeAll(async () => {
  [key, newerKey] = await Promise.all([
    createPlatformKey({ effectiveAt: new Date(Date.now() - 48 * HOUR_MS) }),
    createPlatformKey(),
  ]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  verifier = new PlatformCertificateVerifier(server.options());
  events = [];
  subscribe(WXPAY_CHANNELS.certificates, record);
});
afterEach(() => {
  unsubscribe(WXPAY_CHANNELS.certificates, record);
  server.stop();
});

function judge(signer: PlatformKey, serialNo = signer.serialNo): Promise<boolean> {
  const signature = sign('sha256', Buffer.from('message'), signer.privatePem).toString('base64');
  return verifier.verify({ message: 'message', signature, serialNo });
}

async function outcomes(calls: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason));
}

describe('PlatformCertificateVerifier, downloading for the first time', () => {
  it('downloads once for all waiting callers', async () => {
    const accepted = await Promise.all(Array.from({ length: 100 }, () => verifier.acceptedSerialNo()));

    expect(new Set(accepted)).toEqual(new Set([key.serialNo]));
    expect(server.downloads).toHaveLength(1);
  });

  it('downloads again for the next call after a failure', async () => {
    server.refusal = OUTAGE;
    const failed = await outcomes([verifier.acceptedSerialNo(), verifier.acceptedSerialNo()]);
    server.refusal = undefined;

    const accepted = await verifier.acceptedSerialNo();

    expect(failed).toEqual([
      expect.objectContaining({ code: 'SYSTEM_ERROR', operation: 'certificates.download' }),
      expect.objectContaining({ code: 'SYSTEM_ERROR' }),
    ]);
    expect(accepted).toBe(key.serialNo);
    expect(server.downloads).toHaveLength(2);
    expect(events.map(({ outcome }) => outcome)).toEqual(['failed', 'refreshed']);
  });

  it.each([
    ['by something between', { status: 403, body: '{"code":"AccessDenied"}' }],
    ['by WeChat Pay', { status: 401, body: '{"code":"SIGN_ERROR"}' }],
  ])('downloads again after a second after a refusal %s', async (_, refusal) => {
    server.refusal = refusal;
    await outcomes([verifier.acceptedSerialNo()]);
    const meanwhile = await outcomes([verifier.acceptedSerialNo()]);
    server.refusal = undefined;
    server.aheadMs = 1_000;

    const accepted = await verifier.acceptedSerialNo();

    expect(meanwhile).toEqual([expect.objectContaining({ httpStatus: refusal.status })]);
    expect(accepted).toBe(key.serialNo);
    expect(server.downloads).toHaveLength(2);
  });

  it('downloads again after half a minute if the merchant has no certificates', async () => {
    server.refusal = { status: 404, body: '{"code":"RESOURCE_NOT_EXISTS"}' };
    const failed = await outcomes([verifier.acceptedSerialNo()]);
    server.refusal = undefined;
    server.aheadMs = MINUTE_MS / 2 - 1_000;
    const meanwhile = await outcomes([verifier.acceptedSerialNo()]);
    server.aheadMs = MINUTE_MS / 2 + 1_000;

    const accepted = await verifier.acceptedSerialNo();

    expect([...failed, ...meanwhile]).toEqual([
      expect.objectContaining({ code: 'WXPAY_CONFIG' }),
      expect.objectContaining({ code: 'WXPAY_CONFIG' }),
    ]);
    expect(accepted).toBe(key.serialNo);
    expect(server.downloads).toHaveLength(2);
  });

  it('continues the download for the others when one caller aborts', async () => {
    const release = server.hold();
    const caller = new AbortController();
    const reason = new Error('the customer left');
    const leaving = verifier.acceptedSerialNo({ signal: caller.signal });
    const staying = verifier.acceptedSerialNo({ signal: new AbortController().signal });
    await eventually(() => expect(server.downloads).toHaveLength(1));

    caller.abort(reason);

    await expect(leaving).rejects.toBe(reason);
    release();
    await expect(staying).resolves.toBe(key.serialNo);
    expect(server.downloads).toHaveLength(1);
  });

  it('starts no download for a caller who has already aborted', async () => {
    const calling = verifier.acceptedSerialNo({ signal: AbortSignal.abort('gone') });

    await expect(calling).rejects.toBe('gone');
    expect(server.downloads).toStrictEqual([]);
  });

  it('counts the download in the deadline of the call that needs it', async () => {
    const release = server.hold();
    const merchants = new WxPayMerchants();
    const { mchid, signer, hosts } = server.options();
    const merchant = merchants.register('slow', { mchid, signer, verifier, hosts });

    const error = await failureOf(
      WxPayTransportError,
      merchant.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 60 }),
    );

    expect(error).toMatchObject({ timedOut: true });
    expect(error.message).toContain('order.query of order T1 within 60 ms');
    expect(error.message).toContain('most of the time went into choosing the key');
    release();
    await expect(merchant.orderQuery.query({ outTradeNo: 'T1' })).resolves.toBeDefined();
    expect(server.downloads).toHaveLength(1);
    await merchants.onModuleDestroy();
  });

  it('has a deadline of its own for the download', async () => {
    const release = server.hold();
    verifier = new PlatformCertificateVerifier({ ...server.options(), timeoutMs: 50 });

    const error = await failureOf(WxPayTransportError, verifier.acceptedSerialNo());

    expect(error).toMatchObject({ timedOut: true });
    expect(error.message).toContain('certificates.download of merchant 1900000001 within 50 ms');
    release();
  });
});

describe('PlatformCertificateVerifier, holding certificates', () => {
  beforeEach(() => verifier.acceptedSerialNo());

  it('does not download again within ten hours', async () => {
    server.aheadMs = 10 * HOUR_MS - MINUTE_MS;

    await verifier.acceptedSerialNo();
    await judge(key);

    expect(server.downloads).toHaveLength(1);
  });

  it.each([
    ['a call', () => verifier.acceptedSerialNo()],
    ['a signature', () => judge(key)],
  ])('refreshes in the background by %s after ten hours', async (_, use) => {
    server.aheadMs = 10 * HOUR_MS + MINUTE_MS;
    server.inService = [key, newerKey];
    const release = server.hold();

    await use();
    release();

    await eventually(() => expect(events.map(({ outcome }) => outcome)).toEqual(['refreshed', 'refreshed']));
    expect(server.downloads).toStrictEqual([undefined, key.serialNo]);
    expect(events.at(-1)).toMatchObject({
      mchid: '1900000001',
      serialNos: [newerKey.serialNo, key.serialNo],
    });
    await expect(verifier.acceptedSerialNo()).resolves.toBe(newerKey.serialNo);
  });

  it('keeps the certificates while refreshes fail, and retries every half minute', async () => {
    server.refusal = OUTAGE;
    server.aheadMs = 11 * HOUR_MS;

    await verifier.acceptedSerialNo();
    await eventually(() => expect(events).toHaveLength(2));
    const meanwhile = await Promise.all([verifier.acceptedSerialNo(), verifier.acceptedSerialNo()]);
    server.aheadMs += MINUTE_MS / 2 + 1_000;
    await verifier.acceptedSerialNo();
    await eventually(() => expect(events).toHaveLength(3));

    expect(meanwhile).toEqual([key.serialNo, key.serialNo]);
    await expect(judge(key)).resolves.toBe(true);
    expect(server.downloads).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({
      outcome: 'stale',
      serialNos: [key.serialNo],
      error: { code: 'SYSTEM_ERROR' },
    });
  });

  it('drops the certificates when they expire while refreshes fail', async () => {
    server.refusal = OUTAGE;
    server.aheadMs = 366 * 24 * HOUR_MS;

    const calling = verifier.acceptedSerialNo();

    await expect(calling).rejects.toMatchObject({ code: 'SYSTEM_ERROR' });
    expect(events.at(-1)).toMatchObject({ outcome: 'failed', serialNos: [] });
  });
});
