import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Module, type ModuleMetadata, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Agent } from 'node:https';
import type { WxPayOptions } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { startGateway } from '../servers/mock-gateway.js';

/** Two gateways, with order T1 on one and T2 on the other, and apps that are closed after each test. */
export interface Containers {
  readonly gateway: MockWxPayGateway;
  /** Options for the second gateway: another merchant, over TLS with a certificate that the agents of the app trust. */
  otherOptions(): WxPayOptions;
  /** Starts an app with these modules. */
  start(...imports: NonNullable<ModuleMetadata['imports']>): Promise<INestApplicationContext>;
  /** Starts an app from a module that a test wrote out. */
  boot(module: new () => object, options?: { readonly snapshot?: boolean }): Promise<INestApplicationContext>;
  /** Closes an app after the test that opened it. */
  closeLater(app: INestApplicationContext): void;
}

/** Keeps two gateways alive for the tests of one file. */
export function useContainers(): Containers {
  const open: INestApplicationContext[] = [];
  let gateway: MockWxPayGateway;
  let other: MockWxPayGateway;

  beforeAll(async () => {
    [gateway, other] = await Promise.all([
      startGateway(),
      startGateway({ mchid: '1900000002', https: true }),
    ]);
    gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
    other.orders.create({ outTradeNo: 'T2', amount: { total: 2 } });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((app) => app.close()));
  });
  afterAll(() => Promise.all([gateway.stop(), other.stop()]));

  async function boot(
    module: new () => object,
    { snapshot = false }: { readonly snapshot?: boolean } = {},
  ): Promise<INestApplicationContext> {
    const app = await NestFactory.createApplicationContext(module, {
      logger: false,
      abortOnError: false,
      snapshot,
    });
    open.push(app);
    return app;
  }

  return {
    get gateway() {
      return gateway;
    },
    otherOptions() {
      const httpsAgent = new Agent({ keepAlive: true, ca: other.certificate });
      const httpService = new HttpService(new HttpService().axiosRef.create({ httpsAgent }));
      return other.options({ httpService });
    },
    start(...imports) {
      @Module({ imports })
      class AppModule {}
      return boot(AppModule);
    },
    boot,
    closeLater: (app) => void open.push(app),
  };
}
