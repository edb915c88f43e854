import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

// Writes the public API of each entry, with its signatures, to etc/NAME.api.md. With --check it writes nothing, and fails
// where an entry differs from its report: a change of the public API is then seen in review.
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');
const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
let different = 0;

for (const [entry, targets] of Object.entries(entries)) {
  if (typeof targets === 'string') continue;
  const name = entry === '.' ? 'nestjs-wxpay' : `nestjs-wxpay-${entry.slice(2)}`;
  const { apiReportChanged, errorCount } = Extractor.invoke(configOf(name, targets.types.import), {
    localBuild: !isCheck,
    messageCallback(message) {
      // Its own advice how to repeat it is not ours.
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  if (errorCount > 0 || (apiReportChanged && isCheck)) different++;
  if (apiReportChanged) print(`etc/${name}.api.md ${isCheck ? 'is not what the code says' : 'written'}`);
}
if (different > 0) {
  print('Run `npm run api:update`, and commit the reports if the change of the public API is meant.');
  process.exitCode = 1;
}

function configOf(name, declarations) {
  return ExtractorConfig.prepare({
    configObjectFullPath: join(ROOT, 'etc/api-reports.mjs'),
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(ROOT, declarations),
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: join(ROOT, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(ROOT, 'etc'),
        reportTempFolder: join(ROOT, 'node_modules/.cache/api'),
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
