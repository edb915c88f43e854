import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** WeChat Pay closes idle connections after about 8 s: these are closed a second before. */
const AGENTS: AgentOptions = { keepAlive: true, maxSockets: 64, timeout: 7_000 };

/** The second merchant's HTTP client: an `HttpService`, as an app has it that needs a proxy or interceptors of its own. */
@Module({
  imports: [
    HttpModule.registerAsync({
      useFactory: () => ({
        httpAgent: new HttpAgent(AGENTS),
        httpsAgent: new HttpsAgent(AGENTS),
        proxy: false,
      }),
    }),
  ],
  exports: [HttpModule],
})
export class LegacyHttpModule {}
