import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { Settings } from './config/settings.js';
import { createApp } from './create-app.js';
import { startupHints } from './startup-hints.js';

const logger = new Logger('SampleApp');

const settings = new Settings();
const app = await createApp(settings);
// On SIGTERM calls to WeChat Pay are finished first (WXPAY_TIMEOUT_MS at most), then requests (DRAIN_MS at most, see
// http/connection-drain.ts), and the process ends with code 0: within 20 seconds by default.
app.enableShutdownHooks([], { useProcessExit: true });
const server = (await app.listen(settings.port)) as Server;
const { port } = server.address() as AddressInfo;

for (const line of startupHints(settings, port)) logger.log(line);
