import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { blockOf } from './markdown.js';

describe.each(['README.md', 'README.zh-CN.md'])('the quick start of %s', (page) => {
  const appModule = blockOf(page, 'ts', '// app.module.ts');
  const dotenv = blockOf(page, 'dotenv');
  const repository = process.cwd();
  const environment = { ...process.env };
  let gateway: MockWxPayGateway;
  let folder: string;
  let app: INestApplication | undefined;

  beforeAll(async () => {
    gateway = await MockWxPayGateway.start();
    // Within the repository, so that imports find its packages; ignored by git.
    mkdirSync('coverage', { recursive: true });
    folder = mkdtempSync(resolve('coverage/quick-start-'));
    process.chdir(folder);
    writeFileSync('app.module.ts', appModule);
    writeEnvironment();
  });

  afterAll(async () => {
    process.chdir(repository);
    process.env = environment;
    rmSync(folder, { recursive: true });
    await app?.close();
    await gateway.stop();
  });

  it('queries and closes orders with the variables it shows', async () => {
    gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1999 } });
    const { AppModule } = (await import(join(folder, 'app.module.ts'))) as { AppModule: Type };
    app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const ask = async (path: string, method = 'GET') => {
      const reply = await fetch(url + path, { method });
      return `${reply.status} ${await reply.text()}`;
    };

    const answers = [
      await ask('/orders/T1'),
      await ask('/orders/T1/close', 'POST'),
      await ask('/orders/T1'),
      await ask('/orders/T2'),
    ];

    expect(answers).toEqual([
      '200 {"outTradeNo":"T1","tradeState":"NOTPAY","amount":{"total":1999,"currency":"CNY"}}',
      '204 ',
      '200 {"outTradeNo":"T1","tradeState":"CLOSED","amount":{"total":1999,"currency":"CNY"}}',
      expect.stringMatching(/^404 .*"code":"ORDER_NOT_EXIST"/),
    ]);
  });

  /** The .env of the page and the files it names, with the values of the gateway. */
  function writeEnvironment(): void {
    const { keys, url } = gateway;
    const shown = parseEnv(dotenv);
    const values: Readonly<Record<string, string>> = {
      ...shown,
      WXPAY_MCHID: '1900000001',
      WXPAY_SERIAL_NO: keys.merchantSerialNo,
      WXPAY_PUBLIC_KEY_ID: keys.publicKeyId,
    };
    const lines = Object.keys(shown).map((name) => `${name}=${values[name]}`);
    writeFileSync('.env', [...lines, `WXPAY_HOSTS=${url}`].join('\n'));
    mkdirSync('certs');
    writeFileSync(shown['WXPAY_PRIVATE_KEY_FILE'] ?? '', keys.merchantPrivateKey);
    writeFileSync(shown['WXPAY_PUBLIC_KEY_FILE'] ?? '', keys.platformPublicKey);
  }
});
