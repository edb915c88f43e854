import { HttpService } from '@nestjs/axios';
import { Agent } from 'node:https';
import { createClient as createOwn } from './nestjs-wxpay.js';

/** With an `httpService` of the app: axios as it comes, over a keep-alive agent. */
export function createClient(world, url, options) {
  const httpsAgent = new Agent({ keepAlive: true, scheduling: 'lifo', maxSockets: 64, timeout: 7_000 });
  const axiosRef = new HttpService().axiosRef.create({ httpsAgent, proxy: false });
  return createOwn(world, url, { ...options, httpService: new HttpService(axiosRef) });
}
