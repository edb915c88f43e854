import { join } from 'node:path';
import { build, clean } from './build.mjs';

// Plays a campaign with the sources as they are: `npm run test:campaign -- --calls 100000 --seed 7`.
try {
  const { main } = await import(join(await build(), 'test/campaign/main.js'));
  await main(process.argv.slice(2));
} finally {
  await clean();
}
