import { strict as assert } from 'node:assert';
import { createCipheriv, createSign, generateKeyPairSync } from 'node:crypto';
import { Controller, Module, Post, type CallHandler, type INestApplication, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { map } from 'rxjs';
import {
  Notification,
  VerifyNotification,
  WxPayExceptionFilter,
  WxPayModule,
  type WxPayNotification,
} from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';

const notified: string[] = [];

@Controller('notifications')
class NotificationsController {
  @Post()
  @VerifyNotification()
  receive(@Notification() { id, originalType, resource }: WxPayNotification): object {
    // Narrowing has to work with the TypeScript of each host.
    if (originalType === 'transaction' && 'outTradeNo' in resource) {
      notified.push(`${id} ${resource.outTradeNo}`);
    }
    return { ignored: true };
  }
}

/** Sends an application a notification, then a forged one. */
export async function receiveNotifications(
  createApp: (module: Type) => Promise<INestApplication>,
): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const platformPrivateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const gateway = await MockWxPayGateway.start({ keys: { platformPrivateKey } });
  const app = await createApp(notifiedModule(gateway.options()));
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/notifications`;
  try {
    const { headers, body } = notificationOf('SHOP', platformPrivateKey, gateway);
    const accepted = await fetch(url, { method: 'POST', headers, body });
    const forged = await fetch(url, { method: 'POST', headers, body: body.replace('EV-1', 'EV-2') });

    assert.equal(`${accepted.status} ${await accepted.text()}`, '204 ');
    assert.equal(forged.status, 401);
    assert.equal(((await forged.json()) as { code: string }).code, 'FAIL');
    assert.deepEqual(notified, ['EV-1 SHOP']);
  } finally {
    await app.close();
    await gateway.stop();
  }
}

function notifiedModule(options: Parameters<typeof WxPayModule.forRoot>[0]): Type {
  const wrap = {
    intercept: (_: unknown, next: CallHandler) => next.handle().pipe(map((data) => ({ data }))),
  };
  @Module({
    imports: [WxPayModule.forRoot(options)],
    controllers: [NotificationsController],
    providers: [
      { provide: APP_FILTER, useClass: WxPayExceptionFilter },
      { provide: APP_INTERCEPTOR, useValue: wrap },
    ],
  })
  class NotifiedModule {}
  return NotifiedModule;
}

/** As WeChat Pay would make it. */
function notificationOf(outTradeNo: string, platformPrivateKey: string, { keys }: MockWxPayGateway) {
  const cipher = createCipheriv('aes-256-gcm', keys.apiV3Key, 'twelve-bytes').setAAD(
    Buffer.from('transaction'),
  );
  const order = {
    mchid: '1900000001',
    out_trade_no: outTradeNo,
    transaction_id: '4200001234202601010000000001',
    trade_state: 'SUCCESS',
    trade_state_desc: '-',
    success_time: new Date().toISOString(),
    amount: { total: 100, currency: 'CNY' },
  };
  const sealed = [cipher.update(JSON.stringify(order)), cipher.final(), cipher.getAuthTag()];
  const body = JSON.stringify({
    id: 'EV-1',
    create_time: new Date().toISOString(),
    event_type: 'TRANSACTION.SUCCESS',
    resource: {
      algorithm: 'AEAD_AES_256_GCM',
      original_type: 'transaction',
      ciphertext: Buffer.concat(sealed).toString('base64'),
      nonce: 'twelve-bytes',
      associated_data: 'transaction',
    },
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signer = createSign('sha256').update(`${timestamp}\nnonce\n${body}\n`);
  const headers = {
    'Content-Type': 'application/json',
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': 'nonce',
    'Wechatpay-Serial': keys.publicKeyId,
    'Wechatpay-Signature': signer.sign(platformPrivateKey, 'base64'),
  };
  return { headers, body };
}
