import { objectsPerCall } from './endurance.js';

// Run in a process that loads nothing but the library: what others load is let go of bit by bit, and would hide as much.
process.stdout.write(String(await objectsPerCall(Number(process.argv[2]))));
