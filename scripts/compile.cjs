// Writes the code that V8 has compiled for a container's run, for src/launch.ts to load: `compile.cjs LAUNCHER ARG…` runs
// the command with these arguments, and takes what was compiled by its end. After each `+` it runs again, with others.
const fs = require('node:fs');
const path = require('node:path');

const [node, self, launcher, ...words] = process.argv;
const dist = path.dirname(path.resolve(launcher));
const lines = [[]];
for (const word of words) {
	if (word === '+') {
		lines.push([]);
	} else {
		lines.at(-1).push(word);
	}
}

process.argv = [node, self, ...lines[0]];
const {program, script} = require(path.resolve(launcher));
for (const line of lines.slice(1)) {
	process.argv = [node, self, ...line];
	script.runInThisContext()(require, dist);
}

const code = path.join(dist, `${program}.cjs.code`);
process.on('exit', () => fs.writeFileSync(code, script.createCachedData()));
