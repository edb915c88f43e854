/** Prints which packages the entries of this package load: run in a process of its own, where nothing is loaded before. */
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { build, clean } from '../../campaign/build.mjs';

const { cache } = createRequire(import.meta.url);
const folder = pathToFileURL(await build('loaded-packages', ['lib'])).href;
const before = new Set(Object.keys(cache));
const { port1, port2 } = new MessageChannel();
const urls = [];
port1.on('message', (url) => urls.push(url)).unref();
// What is imported passes these hooks; what those packages require is in the cache of CommonJS.
const hooks = `
  let port;
  export const initialize = (data) => void (port = data);
  export async function load(url, context, next) {
    port.postMessage(url);
    return next(url, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: port2, transferList: [port2] });

for (const entry of process.argv.slice(2)) await import(`${folder}/lib/${entry}`);
await new Promise((resolve) => setTimeout(resolve, 50));

const files = [...urls, ...Object.keys(cache).filter((path) => !before.has(path))];
const names = files.flatMap((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
await clean();
process.stdout.write(JSON.stringify([...new Set(names)]), () => process.exit());
