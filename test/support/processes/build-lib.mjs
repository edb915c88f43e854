/** Compiles the package for processes of their own, and prints the folder. */
import { build } from '../../campaign/build.mjs';

process.stdout.write(await build('tracking', ['lib']));
