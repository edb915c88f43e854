import { ApiProperty } from '@nestjs/swagger';

/** The answer of a liveness probe. */
export class HealthView {
  @ApiProperty({ enum: ['ok'] })
  readonly status = 'ok';

  @ApiProperty({
    enum: ['demo', 'live'],
    description: 'Whether it talks to a gateway of its own or to WeChat Pay.',
  })
  readonly mode: string;

  constructor(mode: string) {
    this.mode = mode;
  }
}
