// Writes the code that V8 has compiled for a container's run, for src/launch.ts to load: `compile.cjs LAUNCHER ARG…` runs
// the command with these arguments, and takes what was compiled by its end.
const fs = require('node:fs');
const path = require('node:path');

const [launcher] = process.argv.splice(2, 1);
const {program, script} = require(path.resolve(launcher));
const code = path.join(path.dirname(launcher), `${program}.cjs.code`);
process.on('exit', () => fs.writeFileSync(code, script.createCachedData()));
