import { afterEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { replyVerifiedChannel, WXPAY_CHANNELS } from '../../../lib/telemetry/channels.js';
import type { ReplyVerifiedEvent } from '../../../lib/telemetry/events.js';
import { V3Authenticator } from '../../../lib/v3/authenticator.js';
import { PublicKeyVerifier } from '../../../lib/crypto/public-key-verifier.js';
import { RsaSigner } from '../../../lib/crypto/rsa-signer.js';
import { replyMessage } from '../../../lib/v3/canonical-message.js';
import type { Reply } from '../../../lib/transport/http/reply.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { localAttempt } from '../../support/harness/steps.js';

const keys = rsaKeys();
const signer = new RsaSigner({ privateKey: keys.privatePem, serialNo: '4A' });
const NOW = 1_722_850_421_000;
const authenticator = new V3Authenticator({
  mchid: '1900000001',
  signer,
  verifier: new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId: 'PUB_KEY_ID_1' }),
  now: () => NOW,
  nonce: () => 'nonce',
});
const attempt = localAttempt();

async function signedReply(body: string, signed = body): Promise<Reply> {
  const timestamp = String(NOW / 1000);
  const message = Buffer.from(replyMessage(timestamp, 'nonce', Buffer.from(signed))).toString();
  const headers = new Map([
    ['wechatpay-timestamp', timestamp],
    ['wechatpay-nonce', 'nonce'],
    ['wechatpay-serial', 'PUB_KEY_ID_1'],
    ['wechatpay-signature', await signer.sign({ message })],
  ]);
  return { status: 200, headers, body: Buffer.from(body) };
}

const events: ReplyVerifiedEvent[] = [];
const record = (event: unknown): void => void events.push(event as ReplyVerifiedEvent);

describe('the channel of verified replies', () => {
  afterEach(() => {
    unsubscribe(WXPAY_CHANNELS.replyVerified, record);
    events.length = 0;
  });

  it('publishes merchant, operation, key and clock offset, and nothing else', async () => {
    subscribe(WXPAY_CHANNELS.replyVerified, record);

    await authenticator.verify(await signedReply('{"openid":"secret"}'), attempt);

    expect(events).toEqual([
      { merchant: 'default', operation: 'order.query', serialNo: 'PUB_KEY_ID_1', clockOffsetMs: 0 },
    ]);
  });

  it('publishes nothing for a rejected reply', async () => {
    subscribe(WXPAY_CHANNELS.replyVerified, record);

    const verifying = authenticator.verify(await signedReply('{"changed":1}', '{}'), attempt);

    await expect(verifying).rejects.toMatchObject({ reason: 'mismatch' });
    expect(events).toEqual([]);
  });

  it('has no subscribers by default', () => {
    expect(replyVerifiedChannel.hasSubscribers).toBe(false);
  });
});
