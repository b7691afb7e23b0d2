// Writes the code that V8 has compiled for a container's run, for src/launch.ts to load: `compile.cjs DIST ARG…` runs the
// command in DIST with these arguments, and takes what was compiled by its end.
const fs = require('node:fs');
const path = require('node:path');

const [dist] = process.argv.splice(2, 1);
const {script} = require(path.resolve(dist, 'minicontainer.cjs'));
process.on('exit', () => fs.writeFileSync(path.join(dist, 'main.cjs.code'), script.createCachedData()));
