import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MockWxPayGateway, type MockNotificationReply, type MockNotifiedOrder } from 'nestjs-wxpay/testing';

/** Notifies this very app, as WeChat Pay would. */
@Injectable()
export class DemoNotifier {
  constructor(
    private readonly gateway: MockWxPayGateway,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  notify(order: MockNotifiedOrder, api: 'v3' | 'v2' = 'v3'): Promise<MockNotificationReply> {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    // Sound: the app listens, or nobody could have paid.
    const { port } = server.address() as AddressInfo;
    const path = `${api === 'v2' ? 'legacy/' : ''}wxpay/notifications`;
    return this.gateway.notify(order, `http://127.0.0.1:${port}/${path}`, { api });
  }
}
