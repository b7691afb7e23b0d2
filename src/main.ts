import {main} from './cli/cli.js';
import {report} from './cli/output.js';

process.on('uncaughtException', error => process.exit(report(error, process.env.MC_DEBUG === '1')));
// Not by exitCode: everything was written by then, and what Node still holds open is not waited for.
main(process.argv.slice(2)).then(code => process.exit(code));
