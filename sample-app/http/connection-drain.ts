import type { Server } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Settings } from '../config/settings.js';

/**
 * Gives requests some time to end once the app shuts down, then cuts every connection. Without it, a client that never
 * sends a whole request keeps the process alive: Node stops its own timeouts when it stops listening.
 */
@Injectable()
export class ConnectionDrain implements BeforeApplicationShutdown {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
  ) {}

  /** Runs last before Nest stops listening and waits for the connections, on Express and Fastify alike. */
  beforeApplicationShutdown(): void {
    const server: Server = this.adapterHost.httpAdapter.getHttpServer();
    setTimeout(() => server.closeAllConnections(), this.settings.drainMs).unref();
  }
}
